package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// printLayers prints a network as Keras's Model.summary does, with the
// multiply–accumulates of a forward pass for one sample, and what layers read if one of
// them reads something else than the layer above it.
func printLayers(w *Page, net *nn.Network) {
	columns, cells := forChain(net, []table.Column{
		{Title: "layer", Shrink: 5}, {Title: "kind", Shrink: 4}, {Title: "inputs", Shrink: 3, Drop: 6},
		{Title: "output shape"}, {Title: "parameters", Right: true}, {Title: "MACs", Right: true, Drop: 7},
	})
	t := table.New(columns...)
	for _, p := range net.Inputs() {
		t.Row(cells(p.Name, "", "", p.Shape.String(), "0", "0")...)
	}
	for _, n := range net.Nodes() {
		t.Row(cells(n.Name, kindOf(n.Layer), strings.Join(n.Inputs, ", "), n.Shape.String(), thousands(Trained(n)), thousands(n.MACs()))...)
	}
	w.table(t)
	w.fill("total parameters: %s%s, multiply–accumulates a sample: %s", thousands(net.NumParams()), untrainedText(net), thousands(net.MACs()))
}

// forChain leaves the inputs, the third column, out of a table of layers if each reads the
// one above it; cells does so with a row.
func forChain(net *nn.Network, columns []table.Column) (kept []table.Column, cells func(...string) []string) {
	if !isChain(net) {
		return columns, func(c ...string) []string { return c }
	}
	return slices.Delete(columns, 2, 3), func(c ...string) []string { return slices.Delete(c, 2, 3) }
}

// Trained counts a layer's parameters that training changes.
func Trained(n *nn.Node) int {
	params := 0
	for _, p := range n.Params {
		if p.Role.Trained() {
			params += len(p.Data)
		}
	}
	return params
}

// untrainedText counts what training does not change.
func untrainedText(net *nn.Network) string {
	text := ""
	if n := net.NumStatistics(); n > 0 {
		text += fmt.Sprintf(" and %s running statistics", thousands(n))
	}
	if n := net.NumConstants(); n > 0 {
		text += fmt.Sprintf(" and %s fixed numbers", thousands(n))
	}
	return text
}

// isChain reports whether each layer reads the one before it and nothing else.
func isChain(net *nn.Network) bool {
	if net.CheckSingle() != nil {
		return false
	}
	before := net.Inputs()[0].Name
	for _, n := range net.Nodes() {
		if len(n.Inputs) != 1 || n.Inputs[0] != before {
			return false
		}
		before = n.Name
	}
	return true
}

// Thousands writes 27938 as 27,938.
func Thousands(n int) string { return thousands(n) }

// thousands writes 27938 as 27,938.
func thousands[N int | int64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
