package apply

import (
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"sigs.k8s.io/controller-runtime/pkg/cache"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// CacheSelector selects the objects that the engine has made, whatever their instance.
func CacheSelector() labels.Selector {
	exists, err := labels.NewRequirement(api.LabelInstance, selection.Exists, nil)
	if err != nil {
		return labels.Set{api.LabelInstance: ""}.AsSelector() // can't be: the key is a valid constant; no object has an empty one
	}
	return labels.NewSelector().Add(*exists)
}

// CacheOptions are the options of a cache that holds the engine's own objects only, without
// managedFields. What else a manager watches, such as the instances themselves, needs a selector of
// its own in ByObject.
func CacheOptions() cache.Options {
	return cache.Options{
		DefaultLabelSelector: CacheSelector(),
		DefaultTransform:     cache.TransformStripManagedFields(),
	}
}
