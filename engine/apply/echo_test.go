package apply

import "testing"

func TestEcho(t *testing.T) {
	b := newBench(t)
	live, _ := b.apply(configMap("a", "{x: one}"), Options{})
	changed := b.merge(live, `{"metadata":{"labels":{"team":"blue"}}}`)
	if b.Echo(changed) {
		t.Error("a change by somebody else was taken for an echo")
	}
	b.catchUp(changed)
	live, _ = b.apply(configMap("a", "{x: two}"), Options{})
	if !b.Echo(live) {
		t.Error("what was applied is not known again")
	}
	if b.Echo(live) {
		t.Error("an echo came twice")
	}
}
