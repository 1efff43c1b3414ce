package main

import "testing"

func TestGenerate(t *testing.T) {
	upstream := "module k8s.io/kubernetes\n\ngo 1.26.0\n\ngodebug default=go1.26\n\n" +
		"replace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n\tk8s.io/cri-api => ./staging/src/k8s.io/cri-api\n)\n"
	want := "module " + module + "\n\ngo 1.26.0\n\ngodebug default=go1.26\n\nrequire k8s.io/kubernetes v1.37.2\n\n" +
		"replace (\n\tk8s.io/api => k8s.io/api v0.37.2\n\tk8s.io/cri-api => k8s.io/cri-api v0.37.2\n)\n"
	if got := generate("v1.37.2", upstream); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
