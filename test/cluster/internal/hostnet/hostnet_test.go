package hostnet

import (
	"net/netip"
	"slices"
	"testing"
)

func TestParseRoutes(t *testing.T) {
	got := parseRoutes("default via 192.0.2.1 dev eth0\n" +
		"10.160.0.0/24 via 10.89.0.2 dev dfs123456-br\n" +
		"203.0.113.7 dev wg0 scope link\n" +
		"unreachable 198.51.100.0/24\n")
	want := []netip.Prefix{netip.MustParsePrefix("10.160.0.0/24"), netip.MustParsePrefix("203.0.113.7/32")}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
