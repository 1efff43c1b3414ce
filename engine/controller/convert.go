package controller

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// integers turns JSON's floats that are whole into int64, as unstructured objects hold them.
func integers(m map[string]any) map[string]any {
	raw, err := json.Marshal(m)
	if err != nil {
		return m
	}
	var out map[string]any
	if err := utiljson.Unmarshal(raw, &out); err != nil {
		return m
	}
	return out
}

// readStatus reads the engine's part of an instance's status.
func readStatus(o *unstructured.Unstructured) (api.Status, error) {
	var s api.Status
	raw, ok := o.Object["status"]
	if !ok {
		return s, nil
	}
	data, err := json.Marshal(raw)
	if err != nil {
		return s, fmt.Errorf("read status: %w", err)
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("read status: %w", err)
	}
	return s, nil
}

// statusMap writes the engine's status as a map, to lie beside the package's own fields.
func statusMap(s *api.Status) (map[string]any, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write status: %w", err)
	}
	var m map[string]any
	if err := utiljson.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("write status: %w", err)
	}
	return m, nil
}

// specOf splits spec into the wish and how the engine shall treat the instance.
func specOf(o *unstructured.Unstructured) (spec map[string]any, op api.Operation, err error) {
	spec, _, _ = unstructured.NestedMap(o.Object, "spec")
	if spec == nil {
		spec = map[string]any{}
	}
	if raw, ok := spec["operation"]; ok {
		data, err := json.Marshal(raw)
		if err != nil {
			return nil, op, fmt.Errorf("read spec.operation: %w", err)
		}
		if err := json.Unmarshal(data, &op); err != nil {
			return nil, op, fmt.Errorf("read spec.operation: %w", err)
		}
		delete(spec, "operation")
	}
	return spec, op, nil
}
