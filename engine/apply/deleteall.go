package apply

import (
	"context"
	"errors"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// DeleteAll deletes the objects of an inventory in waves and returns those that are not gone yet;
// a wave begins when the one before it is gone. It is to be repeated until nothing remains, needs
// nothing but the inventory, leaves retained objects alone, and counts objects that meanwhile
// belong to somebody else as gone. An error with one object does not keep the wave's others.
func (a *Applier) DeleteAll(ctx context.Context, owner Owner, inventory []api.TaskObjects, o DeleteOptions) ([]api.ObjectRef, error) {
	waves := Waves(inventory)
	for i, wave := range waves {
		remaining, err := a.deleteWave(ctx, owner, wave, o)
		if len(remaining) == 0 && err == nil {
			continue
		}
		for _, later := range waves[i+1:] {
			remaining = append(remaining, unretained(later, o)...)
		}
		return remaining, err
	}
	return nil, nil
}

func (a *Applier) deleteWave(ctx context.Context, owner Owner, wave []api.ObjectRef, o DeleteOptions) (remaining []api.ObjectRef, _ error) {
	var errs []error
	for _, ref := range wave {
		gone, err := a.Delete(ctx, owner, ref, o)
		if errors.As(err, new(*ConflictError)) {
			continue
		}
		if err != nil {
			errs = append(errs, err)
		}
		if !gone {
			remaining = append(remaining, ref)
		}
	}
	return remaining, errors.Join(errs...)
}

// unretained are the objects that a deletion is to take.
func unretained(refs []api.ObjectRef, o DeleteOptions) []api.ObjectRef {
	var out []api.ObjectRef
	for _, ref := range refs {
		if !ref.Retain || o.DeleteRetained {
			out = append(out, ref)
		}
	}
	return out
}
