package render

import (
	"fmt"
	"strconv"
	"strings"
	"text/template/parse"
)

// rewrite ends every printing action of a tree in emit, and starts every template and loop body
// with tick.
func rewrite(t *parse.Tree) {
	if t.Root == nil {
		return
	}
	walk(t.Root, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				source := n.Pipe.String()
				n.Pipe.Cmds = append(n.Pipe.Cmds, call(n.Pos, emitFunction, position(t, n), source))
			}
		case *parse.RangeNode:
			prepend(n.List, tick(n.Pos))
		}
	})
	prepend(t.Root, tick(t.Root.Pos))
}

func prepend(l *parse.ListNode, n parse.Node) { l.Nodes = append([]parse.Node{n}, l.Nodes...) }

func tick(pos parse.Pos) parse.Node {
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: pos, Pipe: &parse.PipeNode{
		NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{call(pos, tickFunction)},
	}}
}

// call makes a command that calls a function with constant strings.
func call(pos parse.Pos, name string, args ...string) *parse.CommandNode {
	nodes := []parse.Node{parse.NewIdentifier(name).SetTree(nil).SetPos(pos)}
	for _, a := range args {
		nodes = append(nodes, &parse.StringNode{NodeType: parse.NodeString, Pos: pos, Quoted: strconv.Quote(a), Text: a})
	}
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: nodes}
}

// walk visits every statement below n, in order.
func walk(n parse.Node, visit func(parse.Node)) {
	if l, ok := n.(*parse.ListNode); ok {
		if l == nil {
			return
		}
		for _, c := range l.Nodes {
			walk(c, visit)
		}
		return
	}
	switch b := n.(type) {
	case *parse.IfNode:
		walkBranch(&b.BranchNode, visit)
	case *parse.RangeNode:
		walkBranch(&b.BranchNode, visit)
	case *parse.WithNode:
		walkBranch(&b.BranchNode, visit)
	}
	visit(n)
}

func walkBranch(b *parse.BranchNode, visit func(parse.Node)) {
	walk(b.List, visit)
	walk(b.ElseList, visit)
}

// position returns file:line:col of a node, counted from 1.
func position(t *parse.Tree, n parse.Node) string {
	line, col := lineCol(t, n)
	return fmt.Sprintf("%s:%d:%d", t.ParseName, line, col)
}

func lineCol(t *parse.Tree, n parse.Node) (line, col int) {
	at, _ := t.ErrorContext(n)
	parts := strings.Split(at, ":")
	if len(parts) < 3 {
		return 0, 0
	}
	line, _ = strconv.Atoi(parts[len(parts)-2])
	col, _ = strconv.Atoi(parts[len(parts)-1])
	return line, col + 1
}
