package e2e

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// recorder sees every status that the instances of a namespace ever have.
type recorder struct {
	mu    sync.Mutex
	seen  map[string][]moment
	ended error
}

// moment is an instance as it was.
type moment struct {
	at     time.Time
	ready  bool
	status api.Status
}

// record watches until ctx ends.
func record(ctx context.Context, namespace string) (*recorder, error) {
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(kindDittoFS)
	if err := kube.List(ctx, list, client.InNamespace(namespace)); err != nil {
		return nil, err
	}
	from := &metav1.ListOptions{ResourceVersion: list.GetResourceVersion()}
	options := &client.ListOptions{Namespace: namespace, Raw: from}
	w, err := kube.Watch(ctx, list, options)
	if err != nil {
		return nil, err
	}
	r := &recorder{seen: map[string][]moment{}}
	go r.follow(ctx, w)
	return r, nil
}

func (r *recorder) follow(ctx context.Context, w watch.Interface) {
	defer w.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, open := <-w.ResultChan():
			if !open {
				r.end(errors.New("the watch ended early"))
				return
			}
			r.note(e)
		}
	}
}

func (r *recorder) note(e watch.Event) {
	o, ok := e.Object.(*unstructured.Unstructured)
	if !ok {
		return
	}
	status, err := statusOf(o)
	if err != nil {
		r.end(err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[o.GetName()] = append(r.seen[o.GetName()], moment{time.Now(), readyNow(o, status), status})
}

func (r *recorder) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = err
}

// of returns all that was seen of an instance; a recorder that missed anything says so.
func (r *recorder) of(name string) ([]moment, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[name], r.ended
}

// backwards says how the instance's runs went back, if they did: a step that was complete and is
// no more, or another run of the same plan.
func backwards(moments []moment) error {
	complete := map[string]bool{}
	runs := map[string]string{}
	for _, m := range moments {
		run := m.status.Plan
		if run == nil {
			continue
		}
		if first, known := runs[run.Name]; known && first != run.UID {
			return fmt.Errorf("plan %s ran twice: as %s and as %s", run.Name, first, run.UID)
		}
		runs[run.Name] = run.UID
		for _, step := range run.Steps {
			key := run.UID + " " + step.Name
			if complete[key] && step.State != api.StepComplete {
				return fmt.Errorf("step %s was Complete and is %s", step.Name, step.State)
			}
			complete[key] = step.State == api.StepComplete
		}
	}
	return nil
}

// readyAt returns when the instance first became ready, and an error if it did not stay so.
func readyAt(moments []moment) (time.Time, error) {
	var first time.Time
	for _, m := range moments {
		switch {
		case m.ready && first.IsZero():
			first = m.at
		case !m.ready && !first.IsZero():
			return first, fmt.Errorf("ready no more %s after it became ready: %s", m.at.Sub(first), describe(m.status))
		}
	}
	if first.IsZero() {
		return first, errors.New("never ready")
	}
	return first, nil
}
