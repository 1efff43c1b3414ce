package render

import (
	"bytes"
	"errors"
	"fmt"
	"text/template"
)

const (
	// maxOutput bounds the text of one render, and all strings printed in it.
	maxOutput = 1 << 20
	// maxSteps bounds the work of one render: loop passes, printed values and calls.
	maxSteps = 1_000_000
	// maxDepth bounds how deep templates include one another.
	maxDepth = 50
	// maxList bounds the lists that until, untilStep and seq make.
	maxList = 10_000
	// maxIndent bounds indent and nindent.
	maxIndent = 100
	// bytesPerStep is how many bytes a function may handle for one step.
	bytesPerStep = 4
)

var (
	errTooLarge = fmt.Errorf("the output is larger than %d bytes", maxOutput)
	errTooLong  = errors.New("the template does too much work; make its loops smaller")
	errTooDeep  = fmt.Errorf("templates include one another more than %d deep", maxDepth)
)

// run is the state of one render.
type run struct {
	tmpl   *template.Template
	tokens []token
	bytes  int
	steps  int
	depth  int
}

// charge counts work and fails when there is too much of it.
func (r *run) charge(n int) error {
	if r.steps += n; r.steps > maxSteps {
		return errTooLong
	}
	return nil
}

// tick stands at the start of every loop body and template.
func (r *run) tick() (string, error) { return "", r.charge(1) }

// emit ends every action: it decides how a value is printed. See the package comment.
func (r *run) emit(at, source string, v any) (string, error) {
	if err := r.charge(1); err != nil {
		return "", err
	}
	if f, ok := v.(*fragment); ok {
		if f == nil {
			return "", nil
		}
		r.sign(f.text, at, source)
		return f.text, nil
	}
	s, err := format(v)
	if err != nil {
		return "", fmt.Errorf("%s: %w", source, err)
	}
	if literal(v) {
		return s, nil
	}
	form, err := r.mint(raw(s))
	r.sign(form, at, source)
	return form, err
}

// sign notes on tokens which action printed them first.
func (r *run) sign(text, at, source string) {
	for _, form := range tokenForm.FindAllString(text, -1) {
		if t := r.lookup(form); t != nil && t.source == "" {
			t.at, t.source = at, source
		}
	}
}

// execute runs a template into text with tokens.
func (r *run) execute(name string, data any) (string, error) {
	if r.depth++; r.depth > maxDepth {
		return "", errTooDeep
	}
	defer func() { r.depth-- }()
	out := &capped{}
	if err := r.tmpl.ExecuteTemplate(out, name, data); err != nil {
		return "", err
	}
	return out.String(), nil
}

// include renders another template and keeps its structure.
func (r *run) include(name string, data any) (any, error) {
	text, err := r.execute(name, data)
	if err != nil {
		return nil, err
	}
	return r.fragment(text), nil
}

// capped is a buffer that refuses to grow too large.
type capped struct{ bytes.Buffer }

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > maxOutput {
		return 0, errTooLarge
	}
	return c.Buffer.Write(p)
}
