package controller

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/dittofs/dittofs-operator/engine/api"
	"github.com/dittofs/dittofs-operator/engine/expr"
	"github.com/dittofs/dittofs-operator/engine/plan"
	engineschema "github.com/dittofs/dittofs-operator/engine/schema"
	"github.com/dittofs/dittofs-operator/engine/task"
)

// model is one kind of one package version, compiled.
type model struct {
	ref        api.PackageRef
	pkg        *api.Package
	kind       *api.Kind
	schema     *engineschema.Schema
	triggers   map[string]string
	program    *task.Program
	plans      map[string]*plan.Plan
	fields     map[string]*expr.Program
	conditions []condition
}

// condition is a compiled condition of the package.
type condition struct {
	rule      api.ConditionRule
	when      *expr.Program
	trueText  *expr.Program
	falseText *expr.Program
}

var statusVars = []string{"self", "objects", "outputs"}

// compile makes a kind of a package ready for use.
func compile(p *api.Package, k *api.Kind) (*model, error) {
	m := &model{ref: api.PackageRef{Name: p.Name, Version: p.Version, Digest: p.Digest}, pkg: p, kind: k, plans: map[string]*plan.Plan{}, fields: map[string]*expr.Program{}}
	var err error
	if m.schema, err = engineschema.New(k); err != nil {
		return nil, fmt.Errorf("compile schema of %s: %w", k.Names.Kind, err)
	}
	m.triggers = m.schema.Triggers()
	if m.program, err = task.Compile(k); err != nil {
		return nil, err
	}
	for i := range k.Plans {
		compiled, problems := plan.Compile(k, k.Plans[i].Name)
		if err := problems.Err(); err != nil {
			return nil, fmt.Errorf("compile plan %s of %s: %w", k.Plans[i].Name, k.Names.Kind, err)
		}
		m.plans[k.Plans[i].Name] = compiled
	}
	for _, f := range k.Status {
		if m.fields[f.Name], err = expr.Compile(f.Value, statusVars...); err != nil {
			return nil, fmt.Errorf("compile status field %s of %s: %w", f.Name, k.Names.Kind, err)
		}
	}
	for _, rule := range k.Conditions {
		c, err := compileCondition(rule)
		if err != nil {
			return nil, fmt.Errorf("compile condition %s of %s: %w", rule.Type, k.Names.Kind, err)
		}
		m.conditions = append(m.conditions, c)
	}
	return m, nil
}

func compileCondition(rule api.ConditionRule) (c condition, err error) {
	c.rule = rule
	if c.when, err = expr.Compile(rule.When, statusVars...); err != nil {
		return c, err
	}
	if c.trueText, err = expr.Compile(rule.True.Message, statusVars...); err != nil {
		return c, err
	}
	c.falseText, err = expr.Compile(rule.False.Message, statusVars...)
	return c, err
}

// catalog keeps the package versions that are in use, compiled by kind.
type catalog struct {
	store *store
	gvk   schema.GroupVersionKind
	// newest is the version that new instances begin on.
	newest *model

	mu     sync.Mutex
	models map[string]*model
}

func newCatalog(s *store, newest *model) *catalog {
	gvk := schema.GroupVersionKind{Group: newest.pkg.Group, Version: newest.kind.Version, Kind: newest.kind.Names.Kind}
	return &catalog{store: s, gvk: gvk, newest: newest, models: map[string]*model{newest.ref.Digest: newest}}
}

// model returns the kind in the package version that the instance is on; nil means the newest.
func (c *catalog) model(ctx context.Context, ref *api.PackageRef) (*model, error) {
	if ref == nil {
		return c.newest, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.models[ref.Digest]; ok {
		return m, nil
	}
	p, err := c.store.load(ctx, *ref)
	if err != nil {
		return nil, err
	}
	k := p.Kind(c.gvk.Kind)
	if k == nil {
		return nil, fmt.Errorf("package %s %s has no kind %s", ref.Name, ref.Version, c.gvk.Kind)
	}
	m, err := compile(p, k)
	if err != nil {
		return nil, err
	}
	c.models[ref.Digest] = m
	return m, nil
}
