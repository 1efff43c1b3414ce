// Package bed is what the measurements run on: an API server with etcd, a kubelet fixture in a
// process of its own, and the engine, either in this process, where its calls can be timed, or as
// the manager's own program, whose memory can be weighed.
package bed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"github.com/dittofs/dittofs-operator/engine/packages"
	"github.com/dittofs/dittofs-operator/engine/schema"
)

// Bed is a running control plane.
type Bed struct {
	// Config has all rights and no rate limit.
	Config *rest.Config
	// Kubeconfig is a file with the same.
	Kubeconfig string
	// Client has all rights too.
	Client client.WithWatch

	plane *envtest.Environment
	dir   string
}

var scheme = runtime.NewScheme()

func init() {
	utilruntime.Must(clientgoscheme.AddToScheme(scheme))
	utilruntime.Must(apiextensionsv1.AddToScheme(scheme))
}

// Start starts the control plane with the programs in $KUBEBUILDER_ASSETS.
func Start() (*Bed, error) {
	assets := os.Getenv("KUBEBUILDER_ASSETS")
	if _, err := os.Stat(filepath.Join(assets, "kube-apiserver")); assets == "" || err != nil {
		return nil, fmt.Errorf("KUBEBUILDER_ASSETS=%q holds no kube-apiserver: run \"make bench\", which builds it", assets)
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	b := &Bed{dir: dir, plane: &envtest.Environment{BinaryAssetsDirectory: assets}}
	if err := b.start(); err != nil {
		return nil, errors.Join(err, b.Stop())
	}
	return b, nil
}

func (b *Bed) start() error {
	if _, err := b.plane.Start(); err != nil {
		return fmt.Errorf("start kube-apiserver and etcd: %w", err)
	}
	user, err := b.plane.AddUser(envtest.User{Name: "bench", Groups: []string{"system:masters"}}, &rest.Config{QPS: -1})
	if err != nil {
		return fmt.Errorf("add a user: %w", err)
	}
	kubeconfig, err := user.KubeConfig()
	if err != nil {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	b.Kubeconfig = filepath.Join(b.dir, "kubeconfig")
	if err := os.WriteFile(b.Kubeconfig, kubeconfig, 0o600); err != nil {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	b.Config = user.Config()
	b.Client, err = client.NewWithWatch(b.Config, client.Options{Scheme: scheme})
	return err
}

// Stop ends the control plane and removes its files.
func (b *Bed) Stop() error {
	return errors.Join(b.plane.Stop(), os.RemoveAll(b.dir))
}

// Namespace makes a namespace.
func (b *Bed) Namespace(ctx context.Context, name string) error {
	return b.Client.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})
}

// Install makes the kinds of an operator package known to the API server.
func (b *Bed) Install(files fs.FS) error {
	p, problems := packages.Load(files)
	if err := problems.Err(); err != nil {
		return fmt.Errorf("load package: %w", err)
	}
	var crds []*apiextensionsv1.CustomResourceDefinition
	for _, k := range p.Kinds {
		crd, err := schema.CRD(p, k)
		if err != nil {
			return fmt.Errorf("make the CRD of %s: %w", k.Names.Kind, err)
		}
		crds = append(crds, crd)
	}
	if _, err := envtest.InstallCRDs(b.Config, envtest.CRDInstallOptions{CRDs: crds, PollInterval: 20 * time.Millisecond, MaxTime: time.Minute}); err != nil {
		return fmt.Errorf("install the CRDs of %s: %w", p.Name, err)
	}
	return nil
}
