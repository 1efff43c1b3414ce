package task

import "github.com/dittofs/dittofs-operator/engine/api"

func dummy(d *api.DummySpec) Result {
	switch {
	case d.WantErr && d.Fatal:
		return terminal("DummyFailed", "the dummy task fails for good, as told")
	case d.WantErr:
		return transient("DummyError", "the dummy task fails, as told")
	case d.Done:
		return done()
	}
	return waiting("DummyWaits", "the dummy task waits for ever, as told")
}
