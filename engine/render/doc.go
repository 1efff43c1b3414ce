// Package render turns the templates of an operator package into Kubernetes
// objects and small texts.
//
// Templates are text/template with the functions of sprig that read nothing but
// their arguments: no environment, file, network or clock, and randomness only
// where Options allow it. The same input renders to the same bytes. A missing
// key is an error with file, line and column. Output, loops and nesting are
// bounded, so that no template can hang or flood the engine.
//
// # No value adds structure
//
// A value can never add YAML structure, whatever it contains, because it is not
// there when YAML is parsed. Every action of a template ends in a hidden
// function that prints, in place of a string, a token: inert letters and digits
// that a value cannot forge. The text with tokens is parsed, and tokens are
// replaced by their values within the parsed scalars, so that structure comes
// from the template alone. Numbers and booleans are printed as they are. Functions
// inside an action, conditions and comparisons see true values.
//
// It follows for authors of templates:
//
//   - {{ .Spec.x }} is safe with and without quotes, and a string stays a string:
//     "true", "0x10" and "" keep their type. {{ .Spec.x | quote }} makes any
//     scalar a string.
//   - toYaml, toJson and include yield text that keeps its structure, also through
//     indent, nindent and trim. Any other function turns it into one string.
//   - Maps and lists are printed with toYaml or toJson only.
//   - A text that another function than those changes, such as replace over include,
//     is one string and cannot be structure.
//   - YAML is read as version 1.2: yes, no, on and off are strings. Tags and merge
//     keys are refused.
//   - Comparisons take numbers as numbers: 1 equals 1.0. keys and values are sorted.
//   - Templates have no clock, not even in Generate tasks. The lists in classes.go say
//     which functions of sprig are offered, replaced, random or refused, and why.
//
// A text within a scalar, such as a configuration file in a ConfigMap, has a
// structure of its own. When it is YAML or JSON, it is parsed both with tokens
// and with values, and values that change it are refused; quote, toJson and
// toYaml print values so that they never do. In any other text of several lines
// a value with line breaks is refused unless indent or nindent prints it or it is
// the whole text.
//
// The package knows no cluster and does not check objects against schemas.
package render
