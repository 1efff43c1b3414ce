package apply

import "github.com/dittofs/dittofs-operator/engine/api"

// The prune policies of an Apply task. Omitted means all but what holds data.
const (
	PruneAlways = "always"
	PruneNever  = "never"
)

// Prunable says whether an object that the templates no longer render may be deleted. Only "always"
// takes PersistentVolumeClaims, Secrets and retained objects; an unknown policy takes nothing.
func Prunable(ref api.ObjectRef, policy string) bool {
	switch policy {
	case PruneAlways:
		return true
	case "":
		return !ref.Retain && !isSecret(ref) && !isVolume(ref)
	}
	return false
}
