package report

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// Foreign shows a file that has no trainable form.
type Foreign struct {
	Model        string          `json:"model"`
	Trainable    bool            `json:"trainable"` // false
	Why          string          `json:"why"`
	Producer     string          `json:"producer,omitempty"`
	IR           int64           `json:"ir"`
	Opsets       []string        `json:"opsets"`
	Inputs       []Value         `json:"inputs"`
	Outputs      []Value         `json:"outputs"`
	Initializers Initializers    `json:"initializers"`
	Nodes        int             `json:"nodes"`
	Operators    []OperatorCount `json:"operators"`
	InTheWay     []Obstacle      `json:"in_the_way"` // nodes that are no layers
	// Contradictions are places where the file contradicts ONNX or itself.
	Contradictions []string          `json:"contradictions,omitempty"`
	Evaluator      string            `json:"evaluator"` // what still runs the file, or why nothing does
	Notes          []string          `json:"notes,omitempty"`
	Metadata       map[string]string `json:"metadata,omitempty"`
}

// Value is an input or output as the file declares it.
type Value struct {
	Name  string   `json:"name"`
	Type  string   `json:"type"`
	Shape []string `json:"shape"` // sizes, symbols or ?; null if not even the rank is known
}

// Initializers sums up what a file stores.
type Initializers struct {
	Tensors  int   `json:"tensors"`
	Elements int64 `json:"elements"`
	Bytes    int64 `json:"bytes"`
}

// OperatorCount is how many nodes have an operator.
type OperatorCount struct {
	Operator string `json:"operator"`
	Count    int    `json:"count"`
}

// Obstacle is a node that cannot be read as a layer.
type Obstacle struct {
	Node     string `json:"node"`
	Operator string `json:"operator"`
	Reason   string `json:"reason"`
}

// ForeignOf shows a model that has no trainable form.
func ForeignOf(src *model.Model) *Foreign {
	m := src.Foreign.Model
	r := &Foreign{
		Model: src.Name, Why: src.Foreign.Why.Error(), Producer: strings.TrimSpace(m.Producer + " " + m.ProducerVersion), IR: m.IRVersion,
		Inputs: valuesOf(m.Graph.Feeds()), Outputs: valuesOf(m.Graph.Outputs),
		Initializers: initializersOf(m.Graph), Nodes: len(m.Graph.Nodes), Operators: operatorsOf(m.Graph),
		InTheWay: []Obstacle{}, Evaluator: model.StillRuns(m), Metadata: src.Metadata, Notes: m.Notes,
	}
	for _, o := range m.Opsets {
		r.Opsets = append(r.Opsets, fmt.Sprintf("%s %d", cmp.Or(o.Domain, "ai.onnx"), o.Version))
	}
	var unsupported *onnxio.UnsupportedError
	if errors.As(src.Foreign.Why, &unsupported) {
		r.Why = fmt.Sprintf("%d of its %d nodes cannot be read as layers", len(unsupported.Problems), unsupported.Nodes)
		for _, p := range unsupported.Problems {
			r.InTheWay = append(r.InTheWay, Obstacle{p.Name, p.OpType, p.Reason})
		}
	}
	var wrong *onnxio.ContradictionError
	if errors.As(src.Foreign.Why, &wrong) {
		r.Contradictions = wrong.Problems
	}
	return r
}

func valuesOf(values []*graph.Value) []Value {
	all := []Value{}
	for _, v := range values {
		r := Value{Name: v.Name, Type: v.Type.String()}
		if v.HasShape {
			r.Shape = []string{}
		}
		for _, d := range v.Shape {
			r.Shape = append(r.Shape, d.String())
		}
		all = append(all, r)
	}
	return all
}

// initializersOf adds up what the file stores. What is given by a Constant node counts as
// a node.
func initializersOf(g *graph.Graph) (r Initializers) {
	for _, t := range g.Initializers {
		n, err := t.Len()
		if err != nil {
			continue // the reader has refused it
		}
		r.Tensors++
		r.Elements += int64(n)
		r.Bytes += t.Size()
	}
	return r
}

// operatorsOf counts the operators, the most frequent first.
func operatorsOf(g *graph.Graph) []OperatorCount {
	counts := map[string]int{}
	for _, n := range g.Nodes {
		counts[n.Operator()]++
	}
	all := []OperatorCount{}
	for _, op := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, OperatorCount{op, counts[op]})
	}
	slices.SortStableFunc(all, func(a, b OperatorCount) int { return b.Count - a.Count })
	return all
}

// Text writes inputs, outputs, operators and the nodes in the way.
func (r *Foreign) Text(w *Page) {
	producer := ""
	if r.Producer != "" {
		producer = oneLine(r.Producer) + ", "
	}
	fmt.Fprintf(w, "%s (%sIR %d, opset %s)\n", table.Printable(r.Model), producer, r.IR, oneLine(strings.Join(r.Opsets, ", ")))
	fmt.Fprintf(w, "no trainable form: %s; %s\n\n", sentence(r.Why), sentence(r.Evaluator))
	t := table.New(table.Column{}, table.Column{Shrink: 1, Min: 16}, table.Column{}, table.Column{Shrink: 2, Min: 16})
	for _, end := range []struct {
		kind   string
		values []Value
	}{{"input", r.Inputs}, {"output", r.Outputs}} {
		for _, v := range end.values {
			t.Row(end.kind, oneLine(v.Name), v.Type, v.shape())
		}
	}
	w.table(t)
	fmt.Fprintf(w, "initializers: %s tensors, %s values, %s bytes\n", thousands(r.Initializers.Tensors), thousands(r.Initializers.Elements), thousands(r.Initializers.Bytes))
	var ops []string
	for _, o := range r.Operators {
		ops = append(ops, fmt.Sprintf("%s %d", oneLine(o.Operator), o.Count))
	}
	fmt.Fprintf(w, "%s: %s\n", nodes(r.Nodes), strings.Join(ops, ", "))
	if len(r.InTheWay) > 0 {
		fmt.Fprintln(w, "\nnodes in the way")
		t := table.New(table.Column{Title: "operator", Shrink: 2}, table.Column{Title: "node", Shrink: 1, Min: 12}, table.Column{Title: "why"})
		for _, o := range r.InTheWay {
			t.Row(oneLine(o.Operator), oneLine(o.Node), sentence(o.Reason))
		}
		w.table(t)
	}
	for _, p := range r.Contradictions {
		if !strings.Contains(r.Why, p) { // which names the first few
			w.fill("contradiction: %s", sentence(p))
		}
	}
	printMetadata(w, r.Metadata)
	for _, note := range r.Notes {
		w.fill("note: %s", sentence(note))
	}
}

func (v Value) shape() string {
	if v.Shape == nil {
		return "of unknown shape"
	}
	return oneLine("(" + strings.Join(v.Shape, ", ") + ")")
}
