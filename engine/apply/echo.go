package apply

import (
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// echoes remembers which version of an object an apply has led to, until a watch tells of it.
type echoes struct {
	mu       sync.Mutex
	versions map[types.UID]string
}

func (e *echoes) note(o *unstructured.Unstructured) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.versions == nil {
		e.versions = map[types.UID]string{}
	}
	e.versions[o.GetUID()] = o.GetResourceVersion()
}

// forget drops what is known of an object and returns its version.
func (e *echoes) forget(uid types.UID) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	version := e.versions[uid]
	delete(e.versions, uid)
	return version
}

// Echo says whether an object that a watch tells of is exactly what an apply returned last, so that
// whoever applied it has nothing to learn from it. It says so once.
func (a *Applier) Echo(o *unstructured.Unstructured) bool {
	return a.echoes.forget(o.GetUID()) == o.GetResourceVersion()
}
