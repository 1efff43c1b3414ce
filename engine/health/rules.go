package health

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dittofs/dittofs-operator/engine/expr"
)

// ReasonNotReadyYet is the reason of an object whose readyWhen does not hold.
const ReasonNotReadyYet = "NotReadyYet"

// WithRules judges an object by a package's expressions over "object"; either may be nil.
//
// failedWhen makes the object Failed. readyWhen replaces the generic rules, but for what they
// call Failed: that stays so until readyWhen holds. What an expression looks for and the object
// does not have yet counts as false. Neither is asked about an object that is being deleted or
// whose controller has not seen its newest generation.
func WithRules(u *unstructured.Unstructured, readyWhen, failedWhen *expr.Program) (Result, error) {
	if u == nil || len(u.Object) == 0 {
		return Of(u), nil
	}
	if r := outdated(u); r != nil {
		return *r, nil
	}
	bad, err := rule(u, failedWhen, "failedWhen")
	if err != nil {
		return Result{}, err
	}
	if bad {
		return failed(u, "FailedWhen", "it has failed: %s", failedWhen.Source()), nil
	}
	if readyWhen == nil {
		return Of(u), nil
	}
	good, err := rule(u, readyWhen, "readyWhen")
	if err != nil {
		return Result{}, err
	}
	if good {
		return healthy(u, "it is ready"), nil
	}
	if r := Of(u); r.Status == Failed {
		return r, nil
	}
	return progressing(u, ReasonNotReadyYet, "it is not ready until %s", readyWhen.Source()), nil
}

func rule(u *unstructured.Unstructured, p *expr.Program, name string) (bool, error) {
	if p == nil {
		return false, nil
	}
	ok, err := p.Bool(expr.Vars{"object": u.Object})
	if err != nil && !expr.IsMissing(err) {
		return false, fmt.Errorf("%s of %s %s: %w", name, u.GetKind(), u.GetName(), err)
	}
	return ok && err == nil, nil
}
