// Package expr compiles and evaluates the CEL expressions of operator packages:
// conditions of steps and triggers, health rules, outputs, status fields.
//
// It is the only place that knows cel-go. Variables are untyped, so that plain
// JSON-like data (map[string]any, []any, int64, float64, json.Number, string,
// bool, nil) goes in and comes out. Every evaluation has a cost limit: no
// expression can hang the engine. It knows no cluster and no template, and an
// expression can neither write nor read anything but the variables it is given.
package expr
