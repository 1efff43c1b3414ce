package controller

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/packages"
)

// archiveKey is the key of a package ConfigMap that holds the package's archive.
const archiveKey = "package.tgz"

// store keeps package versions as immutable ConfigMaps in the engine's own namespace, so that a
// run never depends on which version the running binary carries.
type store struct {
	namespace string
	reader    client.Reader
	writer    client.Writer

	// archives are those of the packages that the binary carries, by digest.
	archives map[string][]byte

	mu    sync.Mutex
	saved map[string]bool
}

func newStore(namespace string, r client.Reader, w client.Writer, pkgs []Package) *store {
	s := &store{namespace: namespace, reader: r, writer: w, archives: map[string][]byte{}, saved: map[string]bool{}}
	for _, p := range pkgs {
		s.archives[p.model.Digest] = p.archive
	}
	return s
}

// name is the ConfigMap's name: the package, its version and the start of its digest.
func (s *store) name(ref api.PackageRef) string {
	digest := strings.TrimPrefix(ref.Digest, "sha256:")
	return fmt.Sprintf("package-%s-%s-%.10s", ref.Name, strings.ReplaceAll(ref.Version, "+", "-"), digest)
}

// save makes sure that the package version outlives this binary.
func (s *store) save(ctx context.Context, ref api.PackageRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saved[ref.Digest] {
		return nil
	}
	archive, ok := s.archives[ref.Digest]
	if !ok {
		return nil
	}
	immutable := true
	cm := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Namespace:   s.namespace,
			Name:        s.name(ref),
			Labels:      map[string]string{api.LabelPackage: ref.Name},
			Annotations: map[string]string{api.Prefix + "version": ref.Version, api.Prefix + "digest": ref.Digest},
		},
		Immutable:  &immutable,
		BinaryData: map[string][]byte{archiveKey: archive},
	}
	if err := s.writer.Create(ctx, cm); err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("save package %s %s as ConfigMap %s/%s: %w", ref.Name, ref.Version, s.namespace, cm.Name, err)
	}
	s.saved[ref.Digest] = true
	return nil
}

// load reads a package version and refuses one whose content is not what the digest says.
func (s *store) load(ctx context.Context, ref api.PackageRef) (*api.Package, error) {
	var cm corev1.ConfigMap
	key := client.ObjectKey{Namespace: s.namespace, Name: s.name(ref)}
	if err := s.reader.Get(ctx, key, &cm); err != nil {
		return nil, fmt.Errorf("get package %s %s: %w", ref.Name, ref.Version, err)
	}
	p, problems := packages.LoadArchive(bytes.NewReader(cm.BinaryData[archiveKey]))
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("load package %s %s from ConfigMap %s: %w", ref.Name, ref.Version, key, err)
	}
	if p.Digest != ref.Digest {
		return nil, fmt.Errorf("ConfigMap %s holds %s, not %s: somebody replaced it", key, p.Digest, ref.Digest)
	}
	return p, nil
}
