package layout

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"
)

func TestCheckName(t *testing.T) {
	for _, good := range []string{"dittofs", "e2e-2", "ab"} {
		if err := CheckName(good); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "a", "A1", "1a", "../x", "a.lock", "a-", "a_b", "a-name-that-is-too-long"} {
		if CheckName(bad) == nil {
			t.Errorf("%q passes for a name", bad)
		}
	}
}

func TestRecordComesBack(t *testing.T) {
	root := t.TempDir()
	if _, found, err := Load(root, "none"); found || err != nil {
		t.Errorf("found %v, err %v", found, err)
	}
	want := Cluster{Root: root, Name: "two", Slot: 3, Nodes: 2, Kube: "/k", Addons: "/a", Images: []string{"x.tar"}}
	if err := want.Save(); err != nil {
		t.Fatal(err)
	}
	if got, found, err := Load(root, "two"); !found || err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, %v", got, found, err)
	}
	if taken, err := TakenSlots(root); err != nil || !slices.Equal(taken, []int{3}) {
		t.Errorf("taken %v, %v", taken, err)
	}
}

func TestPickSlot(t *testing.T) {
	routes := []netip.Prefix{
		netip.MustParsePrefix("10.161.7.0/24"), // inside slot 1's Pods
		netip.MustParsePrefix("10.89.2.0/24"),  // slot 2's nodes
		netip.MustParsePrefix("192.168.0.0/16"),
	}
	if got, err := PickSlot([]int{0}, routes); got != 3 || err != nil {
		t.Errorf("got %d, %v, want 3", got, err)
	}
	if got, err := PickSlot(nil, nil); got != 0 || err != nil {
		t.Errorf("got %d, %v, want 0", got, err)
	}
	if _, err := PickSlot(nil, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}); err == nil {
		t.Error("found room where there is none")
	}
}

func TestSlotsDoNotOverlap(t *testing.T) {
	var all []netip.Prefix
	for slot := range Slots {
		all = append(all, networks(slot)...)
	}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.Overlaps(b) {
				t.Errorf("%s and %s overlap", a, b)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	c := Cluster{Root: DefaultRoot, Name: "dittofs", Slot: 1}
	got := []string{c.HostIP(), c.NodeIP(0), c.NodePodCIDR(1), c.ServiceCIDR(), c.DNSService(), c.Server(), c.NodeName(1), c.NodeCgroup(0)}
	want := []string{
		"10.89.1.1", "10.89.1.2", "10.161.1.0/24", "10.193.0.0/16", "10.193.0.10",
		"https://10.89.1.2:6443", "dittofs-node1", "/dittofs-cluster-dittofs-87cb8e/node0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestLinkNamesFitAndDiffer(t *testing.T) {
	a, b := Cluster{Root: "/r", Name: "one"}, Cluster{Root: "/r", Name: "two"}
	for _, name := range []string{a.Bridge(), a.Veth(MaxNodes - 1)} {
		if len(name) > 15 {
			t.Errorf("%q has more than 15 characters", name)
		}
	}
	if a.Bridge() == b.Bridge() {
		t.Errorf("both bridges are called %s", a.Bridge())
	}
}
