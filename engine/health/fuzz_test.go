package health

import (
	"encoding/json"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// FuzzOf: whatever an object holds, its health is one of the four, with a reason and a message
// that fits, and an object that is being deleted is never healthy.
func FuzzOf(f *testing.F) {
	for _, file := range []string{"testdata/objects.yaml", "testdata/pods.yaml"} {
		for _, s := range snapshots(f, file) {
			data, err := s.object(f).MarshalJSON()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte(`{"kind":"StatefulSet","apiVersion":"apps/v1","metadata":[],"status":{"replicas":"x"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m map[string]any
		if json.Unmarshal(data, &m) != nil {
			return
		}
		u := &unstructured.Unstructured{Object: m}
		r := Of(u)
		checkMessage(t, r)
		if r.Status == Healthy && text(m, "metadata", "deletionTimestamp") != "" {
			t.Error("healthy while being deleted")
		}
		if p := Pods(u, []*unstructured.Unstructured{u}); p != nil {
			checkMessage(t, *p)
		}
	})
}
