package trigger

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dittofs/dittofs-operator/engine/api"
)

// Variables are the names that a trigger's `when` may use: the wish and what was carried out last.
var Variables = []string{"spec", "old"}

// The plans that changes ask for where no trigger says otherwise.
const (
	deploy  = "deploy"
	update  = "update"
	upgrade = "upgrade"
)

// Input is the change that asks for plans. Specs are compared as they are: whoever asks fills in
// the defaults first.
type Input struct {
	// Created says that nothing was ever carried out, Deleted that the instance shall go.
	Created, Deleted bool
	// PackageChanged says that the instance moves to another package version.
	PackageChanged bool
	// Old is the spec carried out last, New the wish.
	Old, New map[string]any
	// Unfinished are the specs of revisions that were begun after Old and did not complete. What they
	// changed counts as changed, because some of it may have been done.
	Unfinished []map[string]any
	// SchemaTriggers are the x-plan keywords of the schema: a plan's name by path.
	SchemaTriggers map[string]string
}

// Chosen is a plan that was asked for.
type Chosen struct {
	// Plan is the plan's name.
	Plan string
	// Reason says in a few words what asked for it, such as "spec.image changed".
	Reason string
}

// Choose returns the plans that a change asks for, in the order of the package. It fails when
// something changed that no plan takes, and when the condition of a plan in question cannot be
// evaluated: nothing is lost in silence. The fallback is chosen whatever its own condition says.
func Choose(k *api.Kind, in Input) ([]Chosen, error) {
	q := &queue{kind: k, in: in, holds: map[string]bool{}, events: map[string]string{}, paths: map[string][]string{}}
	var err error
	switch {
	case in.Deleted:
		q.happened("deleted", func(t *api.Triggers) bool { return t.Deleted })
	case in.Created:
		err = q.created()
	default:
		err = q.changed()
	}
	if err := errors.Join(q.failed, err); err != nil {
		return nil, err
	}
	return q.chosen(), nil
}

// created asks for the plans of a new instance.
func (q *queue) created() error {
	if q.happened("created", func(t *api.Triggers) bool { return t.Created }) || q.fallBack("created", deploy) {
		return nil
	}
	return fmt.Errorf("%s was created and no plan takes it: the package needs a plan with triggers.created, or one named %q", q.kind.Names.Kind, deploy)
}

// changed asks for the plans of another package version and of changed paths.
func (q *queue) changed() error {
	if err := q.packageChanged(); err != nil {
		return err
	}
	if err := q.checkSchema(); err != nil {
		return err
	}
	before := append([]map[string]any{q.in.Old}, q.in.Unfinished...)
	for _, c := range changes(q.in.New, before) {
		if err := q.take(c); err != nil {
			return err
		}
	}
	return nil
}

// packageChanged asks for the plans of another package version, if it is another one.
func (q *queue) packageChanged() error {
	const event = "package version changed"
	if !q.in.PackageChanged || q.happened(event, func(t *api.Triggers) bool { return t.PackageVersion }) || q.fallBack(event, upgrade, update, deploy) {
		return nil
	}
	return fmt.Errorf("the package version changed and no plan takes it: the package needs a plan with triggers.packageVersion, or one named %q, %q or %q", upgrade, update, deploy)
}

// checkSchema checks that the plans exist that the schema names.
func (q *queue) checkSchema() error {
	for _, path := range slices.Sorted(maps.Keys(q.in.SchemaTriggers)) {
		if plan := q.in.SchemaTriggers[path]; q.kind.Plan(plan) == nil {
			return fmt.Errorf("a change of spec.%s asks for plan %q, which the package does not have", path, plan)
		}
	}
	return nil
}
