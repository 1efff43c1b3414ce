package schema

import "testing"

func TestSample(t *testing.T) {
	_, k := lamp(t)
	spec, problems := compiled(t, k).Sample()
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	const want = `{"bulbs":1,"color":"white","image":"example.org/lamp:2.0","port":8080,"socket":"E14","timer":{"enabled":false,"minutes":30}}`
	if got := asJSON(t, spec); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestSampleOfAllTypes(t *testing.T) {
	spec, problems := compiled(t, kindOf(t, `
type: object
required: [size, level, ratio, low, names, at, lit, any, map, deep, long, free]
properties:
  size: {type: string, description: D., pattern: '^[0-9]+(Mi|Gi|Ti)$'}
  level: {type: integer, description: D., minimum: 3, exclusiveMinimum: true}
  ratio: {type: number, description: D., maximum: 0.5}
  low: {type: integer, description: D., maximum: 0}
  names: {type: array, description: D., minItems: 1, items: {type: string, enum: [b, a]}}
  at: {type: string, description: D., format: date-time}
  lit: {type: boolean, description: D.}
  any: {description: D., x-kubernetes-int-or-string: true}
  map: {type: object, description: D., minProperties: 1, additionalProperties: {type: integer}}
  deep: {type: object, description: D., required: [a], properties: {a: {type: string, description: D.}, b: {type: string, description: D.}}}
  long: {type: string, description: D., minLength: 12}
  free: {type: object, description: D., x-kubernetes-preserve-unknown-fields: true}
`)).Sample()
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	const want = `{"any":1,"at":"2020-01-01T00:00:00Z","deep":{"a":"x"},"free":{},"level":4,"lit":false,"long":"xxxxxxxxxxxx","low":-1,"map":{"key0":1},"names":["b"],"ratio":-0.5,"size":"1Gi"}`
	if got := asJSON(t, spec); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestSampleSaysWhatItCannotGuess(t *testing.T) {
	_, problems := compiled(t, kindOf(t, `
type: object
required: [a]
properties:
  a: {type: string, description: D., pattern: '^only-this-[0-9]{7}$'}`)).Sample()
	if got, want := problems.Error(), `spec.a: must match '^only-this-[0-9]{7}$'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
