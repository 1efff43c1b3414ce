package e2e

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/test/internal/dittofs"
)

// wish is the part of a spec that the edits change.
type wish struct {
	label, annotation, podAnnotation, level, cpu, source string
	nfsPort                                              int
	smb, exposeAPI, policy                               bool
}

func firstWish() wish {
	return wish{label: "first", annotation: "first", podAnnotation: "first", level: "INFO", cpu: "10m", source: "10.0.0.0/8", nfsPort: 12049, policy: true}
}

// draw changes the wish by one edit, or sometimes by several at once.
func (w *wish) draw(r *rand.Rand) (what string, restarts bool) {
	n := 1
	if r.IntN(5) == 0 {
		n += 1 + r.IntN(2)
	}
	var names []string
	before := *w
	for range n {
		e := someEdits[r.IntN(len(someEdits))]
		e.change(r, w)
		names = append(names, e.name)
		restarts = restarts || e.restarts
	}
	return strings.Join(names, " and "), restarts && before != *w
}

// object is the wish as a change of the instance.
func (w *wish) object() map[string]any {
	return map[string]any{
		"metadata": map[string]any{"labels": map[string]any{"e2e": w.label}},
		"spec":     w.spec(),
	}
}

func (w *wish) spec() map[string]any {
	spec := small()
	spec["podAnnotations"] = map[string]any{"e2e": w.podAnnotation}
	spec["logging"] = map[string]any{"level": w.level}
	spec["resources"] = map[string]any{"requests": map[string]any{"cpu": w.cpu, "memory": "32Mi"}}
	spec["networkPolicy"] = map[string]any{"enabled": w.policy}
	spec["service"] = map[string]any{"annotations": map[string]any{"e2e": w.annotation}, "exposeAPI": w.exposeAPI, "allowedSources": []any{w.source}}
	spec["adapters"] = map[string]any{"nfs": map[string]any{"port": w.nfsPort}, "smb": map[string]any{"enabled": w.smb}}
	return spec
}

// checker compares an instance's world with a wish.
type checker struct {
	instance
	server *dittofs.Client
}

// newChecker logs in once; the server's tokens outlive its restarts.
func newChecker(ctx context.Context, i instance) (*checker, error) {
	s, err := i.login(ctx)
	return &checker{i, s}, err
}

// all says everything that is not as wished.
func (c *checker) all(ctx context.Context, w *wish) error {
	var wrong []error
	for _, check := range []func(context.Context, *wish) error{c.status, c.service, c.guard, c.config, c.podRuns, c.serves, c.adapter} {
		wrong = append(wrong, check(ctx, w))
	}
	return errors.Join(wrong...)
}

func (c *checker) status(ctx context.Context, w *wish) error {
	o, s, err := c.get(ctx)
	switch {
	case err != nil:
		return err
	case !readyNow(o, s) || s.ObservedGeneration != o.GetGeneration():
		return fmt.Errorf("generation %d is not observed as ready: %s", o.GetGeneration(), describe(s))
	case s.Plan.State != api.RunComplete || len(s.Pending) > 0:
		return fmt.Errorf("plan %s is %s, %d are pending", s.Plan.Name, s.Plan.State, len(s.Pending))
	case o.GetLabels()["e2e"] != w.label:
		return fmt.Errorf("label is %q, not %q", o.GetLabels()["e2e"], w.label)
	}
	return nil
}

func (c *checker) service(ctx context.Context, w *wish) error {
	var s corev1.Service
	if err := kube.Get(ctx, c.key(""), &s); err != nil {
		return err
	}
	wanted := []string{"nfs"}
	if w.smb {
		wanted = append(wanted, "smb")
	}
	if w.exposeAPI {
		wanted = append(wanted, "api")
	}
	var ports []string
	for _, p := range s.Spec.Ports {
		ports = append(ports, p.Name)
	}
	if slices.Sort(ports); !slices.Equal(ports, sorted(wanted)) {
		return fmt.Errorf("the Service has ports %v, not %v", ports, wanted)
	}
	if got := s.Annotations["e2e"]; got != w.annotation {
		return fmt.Errorf("the Service's annotation is %q, not %q", got, w.annotation)
	}
	return nil
}

func sorted(s []string) []string { slices.Sort(s); return s }

func (c *checker) guard(ctx context.Context, w *wish) error {
	var p networkingv1.NetworkPolicy
	err := kube.Get(ctx, c.key(""), &p)
	switch {
	case !w.policy && apierrors.IsNotFound(err):
		return nil
	case !w.policy && err == nil && p.DeletionTimestamp == nil:
		return errors.New("the NetworkPolicy is still there")
	case err != nil:
		return err
	}
	if from := p.Spec.Ingress[0].From; w.policy && (len(from) != 1 || from[0].IPBlock.CIDR != w.source) {
		return fmt.Errorf("the NetworkPolicy allows %v, not %s", from, w.source)
	}
	return nil
}

func (c *checker) config(ctx context.Context, w *wish) error {
	var m corev1.ConfigMap
	if err := kube.Get(ctx, c.key("-config"), &m); err != nil {
		return err
	}
	if !strings.Contains(m.Data["config.yaml"], "level: "+w.level) {
		return fmt.Errorf("the configuration has another level than %s:\n%s", w.level, m.Data["config.yaml"])
	}
	return nil
}

// podRuns checks that the one Pod is of the newest template, and that the template is as wished.
func (c *checker) podRuns(ctx context.Context, w *wish) error {
	var set appsv1.StatefulSet
	if err := kube.Get(ctx, c.key(""), &set); err != nil {
		return err
	}
	pod, err := c.pod(ctx)
	if err != nil {
		return err
	}
	container := pod.Spec.Containers[0]
	cpu := container.Resources.Requests[corev1.ResourceCPU]
	const hash = "dittofs.io/config-hash"
	switch {
	case set.Status.ObservedGeneration != set.Generation || set.Status.ReadyReplicas != 1 || set.Status.UpdatedReplicas != 1:
		return fmt.Errorf("the StatefulSet is not done: %+v", set.Status)
	case pod.DeletionTimestamp != nil || pod.Labels["controller-revision-hash"] != set.Status.UpdateRevision:
		return fmt.Errorf("the Pod is of revision %s, not %s", pod.Labels["controller-revision-hash"], set.Status.UpdateRevision)
	case pod.Annotations[hash] != set.Spec.Template.Annotations[hash]:
		return errors.New("the Pod has another configuration than the template")
	case pod.Annotations["e2e"] != w.podAnnotation:
		return fmt.Errorf("the Pod's annotation is %q, not %q", pod.Annotations["e2e"], w.podAnnotation)
	case cpu.Cmp(resource.MustParse(w.cpu)) != 0:
		return fmt.Errorf("the Pod requests %s, not %s", cpu.String(), w.cpu)
	case int(container.Ports[0].ContainerPort) != w.nfsPort:
		return fmt.Errorf("the Pod's NFS port is %d, not %d", container.Ports[0].ContainerPort, w.nfsPort)
	}
	return nil
}

// serves checks that clients get an answer.
func (c *checker) serves(ctx context.Context, _ *wish) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return fmt.Errorf("NFS does not answer: %w", err)
	}
	defer conn.Close()
	return conn.null()
}

// adapter checks what the server itself says.
func (c *checker) adapter(ctx context.Context, w *wish) error {
	for name, wanted := range map[string]struct {
		enabled bool
		port    int
	}{"smb": {w.smb, 12445}, "nfs": {true, w.nfsPort}} {
		var is struct {
			Enabled bool
			Port    int
		}
		if err := c.server.Get(ctx, "/adapters/"+name, &is); err != nil {
			return err
		}
		if is.Enabled != wanted.enabled || is.Port != wanted.port {
			return fmt.Errorf("the server has %s %+v, not %+v", name, is, wanted)
		}
	}
	return nil
}

// annotate changes the instance's metadata only.
func (i instance) annotate(ctx context.Context, key, value string) error {
	return i.patch(ctx, map[string]any{"metadata": map[string]any{"annotations": map[string]any{key: value}}})
}
