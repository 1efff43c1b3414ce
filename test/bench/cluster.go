package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/test/bench/internal/bed"
	"github.com/dittofs/dittofs-operator/test/bench/internal/report"
	"github.com/dittofs/dittofs-operator/test/bench/internal/stats"
)

const (
	// lasting is how long a server must stay ready before it counts.
	lasting = 3 * time.Second
	patient = 3 * time.Minute
)

// site is the cluster of KUBECONFIG with a namespace to work in.
type site struct {
	client.Client
	namespace string
}

// onCluster measures a DittoFS on the cluster of KUBECONFIG. The operator is installed there, and
// this machine has a route to the cluster's Services.
func onCluster(ctx context.Context, o options, s *report.Section) error {
	cfg, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("find the cluster: %w", err)
	}
	c, err := client.New(cfg, client.Options{})
	if err != nil {
		return fmt.Errorf("reach the cluster: %w", err)
	}
	t := site{c, o.namespace}
	if err := c.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: t.namespace}}); client.IgnoreAlreadyExists(err) != nil {
		return fmt.Errorf("make namespace %s: %w", t.namespace, err)
	}
	var deploys, gaps []time.Duration
	pods, status := 0, 0
	for i := range o.runs {
		name := fmt.Sprintf("bench-%d-%d", time.Now().Unix()%100000, i)
		took, made, err := t.deploy(ctx, name)
		if err != nil {
			return fmt.Errorf("deploy %s: %w", name, err)
		}
		gap, size, err := t.restart(ctx, name)
		if err != nil {
			return fmt.Errorf("restart %s: %w", name, err)
		}
		deploys, gaps, pods, status = append(deploys, took), append(gaps, gap), max(pods, made), max(status, size)
		if err := t.remove(ctx, name); err != nil {
			return err
		}
	}
	s.Ratio(
		report.Value("M", "Pods made by a fresh deploy, at most", float64(pods), "").AtMost(1),
		report.Value("M13", "status of a DittoFS", float64(status), "bytes").AtMost(16<<10),
	)
	s.Time(seconds("applied to Ready that lasts", deploys, 6), seconds("NFS does not answer in a restart (log level edited)", gaps, 4))
	return nil
}

func seconds(what string, d []time.Duration, aim float64) report.Row {
	ms := stats.Milliseconds(d)
	return report.Value("M", what+", p50", stats.Median(ms)/1000, "s").AtMost(aim).With("longest %.1f s, n=%d", stats.Percentile(ms, 100)/1000, len(ms))
}

func (t site) server(name string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"storage": map[string]any{"size": "256Mi", "reclaimPolicy": "Delete"}}}}
	o.SetAPIVersion("dittofs.io/v1alpha1")
	o.SetKind("DittoFS")
	o.SetNamespace(t.namespace)
	o.SetName(name)
	return o
}

// deploy creates a server and returns when it became ready for good, and how many Pods that took.
func (t site) deploy(ctx context.Context, name string) (time.Duration, int, error) {
	o, begun := t.server(name), time.Now()
	if err := t.Create(ctx, o); err != nil {
		return 0, 0, err
	}
	pods, since := map[string]bool{}, time.Time{}
	err := until(ctx, func() (bool, error) {
		var list corev1.PodList
		if err := t.List(ctx, &list, client.InNamespace(t.namespace), client.MatchingLabels{api.LabelInstance: name}); err != nil {
			return false, err
		}
		for _, p := range list.Items {
			pods[string(p.UID)] = true
		}
		if err := t.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
			return false, err
		}
		switch {
		case !bed.IsReady(o):
			since = time.Time{}
		case since.IsZero():
			since = time.Now()
		}
		return !since.IsZero() && time.Since(since) > lasting, nil
	})
	return since.Sub(begun), len(pods), err
}

// restart edits what the server reads at its start, and returns for how long NFS did not answer and
// how large the status is in the end.
func (t site) restart(ctx context.Context, name string) (gap time.Duration, status int, err error) {
	var service corev1.Service
	if err := t.Get(ctx, client.ObjectKey{Namespace: t.namespace, Name: name}, &service); err != nil {
		return 0, 0, err
	}
	address := ""
	for _, p := range service.Spec.Ports {
		if p.Name == "nfs" {
			address = net.JoinHostPort(service.Spec.ClusterIP, strconv.Itoa(int(p.Port)))
		}
	}
	if address == "" {
		return 0, 0, errors.New("its Service has no port nfs")
	}
	watching, stop := context.WithCancel(ctx)
	silence := make(chan time.Duration, 1)
	go func() { silence <- longestSilence(watching, address) }()
	o := t.server(name)
	err = t.Patch(ctx, o, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"logging":{"level":"DEBUG"}}}`)))
	if err == nil {
		err = until(ctx, func() (bool, error) {
			err := t.Get(ctx, client.ObjectKeyFromObject(o), o)
			return err == nil && bed.IsReady(o), err
		})
	}
	time.Sleep(time.Second)
	stop()
	data, _ := json.Marshal(o.Object["status"])
	return <-silence, len(data), err
}

func (t site) remove(ctx context.Context, name string) error {
	o := t.server(name)
	if err := t.Delete(ctx, o); err != nil {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	return until(ctx, func() (bool, error) {
		err := t.Get(ctx, client.ObjectKeyFromObject(o), o)
		return apierrors.IsNotFound(err), client.IgnoreNotFound(err)
	})
}

// until asks again and again.
func until(ctx context.Context, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited in vain: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
