package token

import (
	"errors"
	"testing"
	"time"
)

func TestSignAndParse(t *testing.T) {
	text := Sign("s", Claims{Kind: Access, Username: "u"}, time.Minute)
	c, err := Parse("s", Access, text)
	if err != nil || c.Username != "u" {
		t.Fatalf("%v %v", c, err)
	}
	if _, err := Parse("other", Access, text); !errors.Is(err, ErrInvalid) {
		t.Error("other secret was accepted")
	}
	if _, err := Parse("s", Refresh, text); !errors.Is(err, ErrInvalid) {
		t.Error("other kind was accepted")
	}
	if _, err := Parse("s", Access, Sign("s", Claims{Kind: Access}, -time.Second)); !errors.Is(err, ErrExpired) {
		t.Error("expired token was accepted")
	}
}
