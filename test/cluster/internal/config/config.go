package config

import (
	"bytes"
	"embed"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"text/template"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/build"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
	"github.com/dittofs/dittofs-operator/test/cluster/internal/pki"
)

//go:embed templates
var files embed.FS

var templates = template.Must(template.New("").Option("missingkey=error").ParseFS(files, "templates/*"))

// view is what a template sees.
type view struct {
	layout.Cluster
	Node        int    // of a node's own file
	User        string // of a kubeconfig: the name of a certificate
	PauseImage  string
	AddonsImage string
}

// Base64 returns a file of the PKI folder, encoded as a kubeconfig wants it.
func (v view) Base64(name string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(v.PKI(), name))
	return base64.StdEncoding.EncodeToString(raw), err
}

func render(name string, v view) ([]byte, error) {
	v.PauseImage, v.AddonsImage = build.PauseImage, build.AddonsImage
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, v); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// Objects returns the YAML of the objects that every cluster starts with.
func Objects(c layout.Cluster) ([]byte, error) {
	return render("objects.yaml", view{Cluster: c})
}

// Write writes all files that the daemons read, and the kubeconfigs. The
// certificates must be there.
func Write(c layout.Cluster) error {
	shared := c.ConfigDir()
	jobs := []job{
		{"containerd.toml", filepath.Join(shared, "containerd.toml"), view{}},
		{"audit-policy.yaml", filepath.Join(shared, "audit-policy.yaml"), view{}},
		{"kubeconfig", c.Kubeconfig(), view{User: "admin"}},
	}
	for _, user := range []string{"kube-controller-manager", "kube-scheduler", "kube-proxy", "volume-provisioner"} {
		jobs = append(jobs, job{"kubeconfig", filepath.Join(shared, user+".kubeconfig"), view{User: user}})
	}
	for node := range c.Nodes {
		for _, name := range []string{"cni.conflist", "kubelet.yaml", "kube-proxy.yaml"} {
			jobs = append(jobs, job{name, filepath.Join(c.NodeConfig(node), name), view{Node: node}})
		}
		kubeconfig := filepath.Join(c.NodeConfig(node), "kubelet.kubeconfig")
		jobs = append(jobs, job{"kubeconfig", kubeconfig, view{User: pki.Kubelet(node)}})
	}
	for _, j := range jobs {
		if err := j.write(c); err != nil {
			return err
		}
	}
	// Pods that do without the cluster's DNS have none.
	return layout.WriteFile(filepath.Join(shared, "resolv.conf"), nil, 0o644)
}

// A job is one file to write.
type job struct {
	template, path string
	view           view
}

func (j job) write(c layout.Cluster) error {
	j.view.Cluster = c
	content, err := render(j.template, j.view)
	if err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if j.template == "kubeconfig" {
		mode = 0o600
	}
	return layout.WriteFile(j.path, content, mode)
}
