package apply

import (
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// memo remembers objects that the API server keeps in another form than they were applied in (an
// admission webhook adds a container, an empty map is dropped), so that Drift never sees them
// arrive. Such an object is settled as long as neither the wish nor the living content changes.
//
// It is an optimisation that may be lost at any time: without it an apply is sent that writes
// nothing.
type memo struct {
	mu      sync.Mutex
	entries map[types.UID]settled
}

// settled are the digests of a wish and of what became of it.
type settled struct{ want, live string }

// note remembers what became of the wish, if Drift can't tell that it is fulfilled.
func (m *memo) note(want, live *unstructured.Unstructured) {
	m.mu.Lock()
	defer m.mu.Unlock()
	sum := content(live)
	if sum == "" || len(Drift(want, live)) == 0 {
		delete(m.entries, live.GetUID())
		return
	}
	if m.entries == nil {
		m.entries = map[types.UID]settled{}
	}
	m.entries[live.GetUID()] = settled{want: want.GetAnnotations()[api.AnnotationApplied], live: sum}
}

// holds says whether this very wish led to this very object before.
func (m *memo) holds(want, live *unstructured.Unstructured) bool {
	m.mu.Lock()
	entry, ok := m.entries[live.GetUID()]
	m.mu.Unlock()
	return ok && entry.want == want.GetAnnotations()[api.AnnotationApplied] && entry.live == content(live)
}

// forget drops what is known of an object that goes away.
func (m *memo) forget(uid types.UID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, uid)
}

// content is a digest of the living object without its status and what changes with every write;
// empty when there is none.
func content(live *unstructured.Unstructured) string {
	object := normaliseMap(live.Object)
	delete(object, "status")
	for _, field := range []string{"managedFields", "resourceVersion", "generation"} {
		unstructured.RemoveNestedField(object, "metadata", field)
	}
	sum, err := digest(object)
	if err != nil {
		return ""
	}
	return sum
}
