package controller

import (
	"strings"
	"testing"
	"testing/fstest"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/test/kubelet"
)

// newer is the same package in a later version whose template differs.
func newer(b *bed) fstest.MapFS {
	files := fstest.MapFS{}
	for name, f := range b.files.(fstest.MapFS) {
		data := strings.ReplaceAll(string(f.Data), "version: 1.0.0", "version: 2.0.0")
		data = strings.ReplaceAll(data, "  color: {{ .Spec.color }}", "  color: {{ .Spec.color }}\n  by: \"2\"")
		files[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return files
}

func TestInstanceStaysOnItsPackageVersionWhenTheEngineIsReplaced(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	old := b.create(b.gizmo("old", map[string]any{}))
	b.ready(old)
	b.stop()
	b.files = newer(b)
	b.start()

	b.edit(old, map[string]any{"color": "green"})
	s := b.ready(old)
	if s.Package.Version != "1.0.0" || b.configMap("old-one").Data["by"] != "" || b.configMap("old-one").Data["color"] != "green" {
		t.Errorf("package %s, data %v", s.Package.Version, b.configMap("old-one").Data)
	}
	fresh := b.create(b.gizmo("new", map[string]any{}))
	if s := b.ready(fresh); s.Package.Version != "2.0.0" || b.configMap("new-one").Data["by"] != "2" {
		t.Errorf("a new instance is on %s", s.Package.Version)
	}
}

func TestPackageThatIsGoneStallsAndTheInstanceCanStillBeDeleted(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	b.ready(o)
	b.stop()
	b.files = newer(b)
	must(t, b.client.DeleteAllOf(t.Context(), &corev1.ConfigMap{}, client.InNamespace(b.namespace), client.HasLabels{api.LabelPackage}, client.MatchingLabels{api.LabelPackage: "gizmo"}))
	b.start()
	b.edit(o, map[string]any{"color": "green"})
	if s := b.stalled(o); s.Conditions[0].Reason != "PackageUnavailable" {
		t.Errorf("conditions %v", s.Conditions)
	}
	must(t, b.client.Delete(t.Context(), o))
	b.eventually("a gone", func() error { return b.gone(o) })
	if b.configMap("a-two") != nil {
		t.Error("an object outlived its instance")
	}
}

func TestReplacedPackageIsRefused(t *testing.T) {
	b := simple().bed(t, kubelet.Options{}).start()
	o := b.create(b.gizmo("a", map[string]any{}))
	ref := *b.ready(o).Package
	pkgs, err := LoadPackages(newer(b))
	must(t, err)
	s := newStore(b.namespace, b.client, b.client, pkgs)
	var cm corev1.ConfigMap
	key := client.ObjectKey{Namespace: b.namespace, Name: s.name(ref)}
	must(t, b.client.Get(t.Context(), key, &cm))
	if cm.Immutable == nil || !*cm.Immutable {
		t.Error("the package's ConfigMap is not immutable")
	}
	must(t, b.client.Delete(t.Context(), &cm))
	cm.ObjectMeta = *cm.ObjectMeta.DeepCopy()
	cm.ResourceVersion, cm.UID = "", ""
	cm.BinaryData[archiveKey] = pkgs[0].archive
	must(t, b.client.Create(t.Context(), &cm))
	if _, err := s.load(t.Context(), ref); err == nil || !strings.Contains(err.Error(), "somebody replaced it") {
		t.Errorf("error is %v", err)
	}
}
