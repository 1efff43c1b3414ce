package render

import "text/template/parse"

// reference is a place where a template names another by a constant.
type reference struct {
	name      string
	line, col int
}

// references finds {{ template "x" }} and {{ include "x" . }} in a tree.
func references(t *parse.Tree) (out []reference) {
	add := func(n parse.Node, name string) {
		line, col := lineCol(t, n)
		out = append(out, reference{name, line, col})
	}
	walk(t.Root, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.TemplateNode:
			add(n, n.Name)
		case *parse.ActionNode:
			includes(n.Pipe, add)
		case *parse.IfNode:
			includes(n.Pipe, add)
		case *parse.RangeNode:
			includes(n.Pipe, add)
		case *parse.WithNode:
			includes(n.Pipe, add)
		}
	})
	return out
}

// includes finds calls of include with a constant name, within parentheses too.
func includes(p *parse.PipeNode, add func(parse.Node, string)) {
	for _, cmd := range p.Cmds {
		for i, arg := range cmd.Args {
			if inner, ok := arg.(*parse.PipeNode); ok {
				includes(inner, add)
			}
			id, ok := arg.(*parse.IdentifierNode)
			if !ok || id.Ident != "include" || i+1 >= len(cmd.Args) {
				continue
			}
			if name, ok := cmd.Args[i+1].(*parse.StringNode); ok {
				add(id, name.Text)
			}
		}
	}
}
