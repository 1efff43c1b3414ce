package render

import (
	"slices"
	"text/template/parse"
)

// FieldRef is a reference to a field of spec in a template, such as .Spec.storage.size.
type FieldRef struct {
	// Path is the field's path below spec.
	Path []string
	// Line and Col count from 1.
	Line, Col int
}

// Fields lists the references to .Spec and .Params in the text of a template and the templates it
// defines, in order of appearance. Where range, with or an argument have moved the dot, only
// references by $ count, and what functions such as index, get and dig reach is left out.
func (s *Set) Fields(name string) []FieldRef {
	var out []FieldRef
	for _, t := range s.trees[name] {
		c := &collector{tree: t}
		c.node(t.Root, true)
		out = append(out, c.refs...)
	}
	slices.SortStableFunc(out, func(a, b FieldRef) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return out
}

type collector struct {
	tree *parse.Tree
	refs []FieldRef
}

// node collects below n; root says that the dot is still the template's own.
func (c *collector) node(n parse.Node, root bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		c.list(n, root)
	case *parse.ActionNode:
		c.pipe(n.Pipe, root)
	case *parse.TemplateNode:
		c.pipe(n.Pipe, root)
	case *parse.IfNode:
		c.branch(&n.BranchNode, root, root)
	case *parse.RangeNode:
		c.branch(&n.BranchNode, root, false)
	case *parse.WithNode:
		c.branch(&n.BranchNode, root, false)
	case *parse.PipeNode:
		c.pipe(n, root)
	case *parse.ChainNode:
		c.node(n.Node, root)
	case *parse.FieldNode:
		if root {
			c.field(n, n.Ident)
		}
	case *parse.VariableNode:
		if n.Ident[0] == "$" {
			c.field(n, n.Ident[1:])
		}
	}
}

func (c *collector) branch(b *parse.BranchNode, root, body bool) {
	c.pipe(b.Pipe, root)
	c.list(b.List, body)
	c.list(b.ElseList, root)
}

func (c *collector) list(l *parse.ListNode, root bool) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		c.node(n, root)
	}
}

func (c *collector) pipe(p *parse.PipeNode, root bool) {
	if p == nil {
		return
	}
	for _, cmd := range p.Cmds {
		for _, arg := range cmd.Args {
			c.node(arg, root)
		}
	}
}

func (c *collector) field(n parse.Node, ident []string) {
	if len(ident) < 2 || ident[0] != "Spec" && ident[0] != "Params" {
		return
	}
	line, col := lineCol(c.tree, n)
	c.refs = append(c.refs, FieldRef{Path: ident[1:], Line: line, Col: col})
}
