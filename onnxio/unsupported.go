package onnxio

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// UnsupportedError lists all nodes of a model that have no trainable layer.
type UnsupportedError struct {
	Nodes    int // how many the model has
	Problems []Problem
	behind   int  // how many nodes are not listed since they read what these give
	tooLarge bool // one of them is ErrTooLarge
}

// Is reports whether a node has a result that is too large, for ErrTooLarge.
func (e *UnsupportedError) Is(target error) bool { return target == ErrTooLarge && e.tooLarge }

// Problem is one node and why it cannot be taken.
type Problem struct {
	Name   string // or, if the node has none, its first output
	OpType string // with its domain, if not ONNX's own
	Reason string
}

// Error groups the nodes by operator and reason.
func (e *UnsupportedError) Error() string {
	type group struct{ op, reason string }
	var order []group
	names := map[group][]string{}
	for _, p := range e.Problems {
		g := group{p.OpType, p.Reason}
		if names[g] == nil {
			order = append(order, g)
		}
		names[g] = append(names[g], fmt.Sprintf("%q", p.Name))
	}
	parts := make([]string, len(order))
	for i, g := range order {
		parts[i] = fmt.Sprintf("%s %s (%s)", g.op, strings.Join(names[g], ", "), g.reason)
	}
	return fmt.Sprintf("%d of its %d nodes cannot be read as layers: %s", len(e.Problems), e.Nodes, strings.Join(parts, "; "))
}

// errNoLayer is why a node is refused whose operator no layer stands for.
var errNoLayer = errors.New("no layer for this operator")

// movesAxes are the operators that cleaning puts in front of a node that needs its operand as
// in the file.
var movesAxes = map[string]bool{"Reshape": true, "Transpose": true}

// refusals are the nodes of a file that cannot be taken.
type refusals struct {
	from     map[*graph.Node][]*graph.Node // the file's nodes behind one of the cleaned graph
	refused  map[*graph.Node]bool          // nodes of the file
	problems []Problem
	tooLarge bool // one of them is ErrTooLarge
	behind   int  // nodes that read what refused ones give
}

func newRefusals(p *provenance) *refusals {
	return &refusals{from: p.clean.From, refused: map[*graph.Node]bool{}}
}

// err is nil if there are no refused nodes.
func (r *refusals) err(file *graph.Model) error {
	if len(r.problems) == 0 {
		return nil
	}
	return &UnsupportedError{Nodes: len(file.Graph.Nodes), Problems: r.problems, behind: r.behind, tooLarge: r.tooLarge}
}

// refuse enters a node of the cleaned graph, as the file's node that it comes from.
func (r *refusals) refuse(n *graph.Node, why error) {
	if from := r.from[n]; len(from) > 0 {
		same := slices.IndexFunc(from, func(f *graph.Node) bool { return f.OpType == n.OpType })
		f := from[len(from)-1]
		if same >= 0 {
			f = from[same]
		} else if movesAxes[n.OpType] && layerByOp(f.OpType) == nil {
			why = errNoLayer // which would need its operand as in the file
		}
		n = f
		if r.refused[n] {
			return
		}
		r.refused[n] = true
	}
	p := Problem{Name: n.Name, OpType: n.Operator(), Reason: why.Error()}
	r.tooLarge = r.tooLarge || errors.Is(why, ErrTooLarge)
	if p.Name == "" && len(n.Outputs) > 0 {
		p.Name = n.Outputs[0]
	}
	r.problems = append(r.problems, p)
}
