// Package chain makes the operator package that is measured: plans of serial steps, each with one
// object, and nothing else in the way.
package chain

import (
	"fmt"
	"io/fs"
	"testing/fstest"
)

// Kind is a custom resource whose plan makes Objects, one a step, one step after another.
type Kind struct {
	Name    string
	Objects []string
}

// The kinds of the package.
var (
	ConfigMaps1   = Kind{"ConfigMapsOne", repeat("ConfigMap", 1)}
	ConfigMaps10  = Kind{"ConfigMapsTen", repeat("ConfigMap", 10)}
	ConfigMaps50  = Kind{"ConfigMapsFifty", repeat("ConfigMap", 50)}
	Deployments1  = Kind{"DeploymentsOne", repeat("Deployment", 1)}
	Deployments10 = Kind{"DeploymentsTen", repeat("Deployment", 10)}
	Deployments50 = Kind{"DeploymentsFifty", repeat("Deployment", 50)}
	// Pair is a small application: its configuration, then its server.
	Pair = Kind{"Pair", []string{"ConfigMap", "Deployment"}}
)

// Kinds are all of them.
var Kinds = []Kind{ConfigMaps1, ConfigMaps10, ConfigMaps50, Deployments1, Deployments10, Deployments50, Pair}

// Group is the API group and Version the API version of the kinds.
const (
	Group   = "bench.planengine.dev"
	Version = "v1"
)

// ObjectName is the name of the object of step i (from 0) of an instance.
func ObjectName(instance string, i int) string { return fmt.Sprintf("%s-s%02d", instance, i+1) }

// Package returns the files of the package.
func Package() fs.FS {
	files := fstest.MapFS{}
	operator := "apiVersion: planengine.dev/v1\nname: bench\nversion: 1.0.0\ngroup: " + Group + "\nkinds:\n"
	for _, k := range Kinds {
		operator += "- " + k.folder() + "\n"
		k.add(files)
	}
	files["operator.yaml"] = file(operator)
	return files
}

func (k Kind) add(files fstest.MapFS) {
	dir := k.folder() + "/"
	files[dir+"kind.yaml"] = file(fmt.Sprintf("kind: %s\nplural: %s\nversion: %s\n", k.Name, k.Plural(), Version))
	files[dir+"schema.yaml"] = file(specSchema)
	plans := "plans:\n  deploy:\n    triggers: {created: true, paths: [note]}\n    phases:\n    - name: main\n      steps:\n"
	tasks := "tasks:\n"
	for i, object := range k.Objects {
		step := fmt.Sprintf("s%02d", i+1)
		plans += fmt.Sprintf("      - {name: %s, tasks: [%s]}\n", step, step)
		tasks += fmt.Sprintf("- {name: %s, kind: Apply, spec: {resources: [%s.yaml]}}\n", step, step)
		files[dir+"templates/"+step+".yaml"] = file(fmt.Sprintf(templates[object], step))
	}
	files[dir+"plans.yaml"], files[dir+"tasks.yaml"] = file(plans), file(tasks)
}

const specSchema = `type: object
description: What is measured.
properties:
  size: {type: integer, default: 1, description: A value that the objects hold.}
  note: {type: string, default: none, description: A value that no object holds; its change runs the plan again., maxLength: 100}
`

// templates are formatted with the step's name.
var templates = map[string]string{
	"ConfigMap": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Name }}-%s
data:
  size: {{ .Spec.size | quote }}
  motd: A few words, so that the object is not empty.
`,
	"Deployment": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Name }}-%[1]s
spec:
  replicas: {{ .Spec.size }}
  selector:
    matchLabels: {app: {{ .Name }}-%[1]s}
  template:
    metadata:
      labels: {app: {{ .Name }}-%[1]s}
    spec:
      containers:
        - name: main
          image: registry.example.com/main:1
          ports:
            - {name: http, containerPort: 8080}
          resources:
            requests: {cpu: 10m, memory: 16Mi}
`,
}

func repeat(object string, n int) []string {
	objects := make([]string, n)
	for i := range objects {
		objects[i] = object
	}
	return objects
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }
