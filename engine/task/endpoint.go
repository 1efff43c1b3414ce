package task

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Resolver finds the host:port of a Service's port. Its errors are worth another try.
type Resolver func(ctx context.Context, namespace, service, port string) (string, error)

// Getter reads an object.
type Getter interface {
	Get(ctx context.Context, ref api.ObjectRef) (*unstructured.Unstructured, error)
}

// ClusterIPs resolves Services to their cluster IPs, so that no DNS is needed.
func ClusterIPs(g Getter) Resolver {
	return func(ctx context.Context, namespace, service, port string) (string, error) {
		o, err := g.Get(ctx, api.ObjectRef{APIVersion: "v1", Kind: "Service", Namespace: namespace, Name: service})
		if missing(err) {
			return "", fmt.Errorf("Service %s does not exist", service)
		}
		if err != nil {
			return "", fmt.Errorf("get Service %s: %w", service, err)
		}
		var s corev1.Service
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &s); err != nil {
			return "", fmt.Errorf("read Service %s: %w", service, err)
		}
		return address(&s, port)
	}
}

// errNoAddress says that a Service has no cluster IP to connect to.
var errNoAddress = errors.New("it has no cluster IP")

func address(s *corev1.Service, port string) (string, error) {
	if s.Spec.ClusterIP == "" || s.Spec.ClusterIP == corev1.ClusterIPNone {
		return "", fmt.Errorf("Service %s: %w", s.Name, errNoAddress)
	}
	for _, p := range s.Spec.Ports {
		if p.Name == port || strconv.Itoa(int(p.Port)) == port {
			return net.JoinHostPort(s.Spec.ClusterIP, strconv.Itoa(int(p.Port))), nil
		}
	}
	return "", fmt.Errorf("Service %s has no port %s", s.Name, port)
}

// target renders the Service's name and resolves the endpoint's address.
func (e *Executor) target(ctx context.Context, r Request, ep *api.Endpoint) (string, error) {
	service, err := r.Program.Templates.Text("service of endpoint "+ep.Name, ep.Service, r.Context)
	if err != nil {
		return "", err
	}
	port, err := r.Program.Templates.Text("port of endpoint "+ep.Name, ep.Port, r.Context)
	if err != nil {
		return "", err
	}
	return e.Resolve(ctx, r.Context.Namespace, service, port)
}

// callKey names a task's call; all calls of a run share the prefix of its UID.
func (r *Request) callKey() string { return r.Context.Run + "/" + r.Context.Step + "/" + r.Task.Name }

func (r *Request) instance() string { return r.Context.Namespace + "/" + r.Context.Name }
