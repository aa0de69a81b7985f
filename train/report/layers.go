package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/gonn-toolkit/gonn/nn"
)

// printLayers prints a network as Keras's Model.summary does, with the
// multiply–accumulates of a forward pass for one sample, and what layers read if one of
// them reads something else than the layer above it.
func printLayers(w io.Writer, net *nn.Network) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	inputs := func(*nn.Node) string { return "" }
	header := ""
	if !isChain(net) {
		header = "\tinputs"
		inputs = func(n *nn.Node) string { return "\t" + strings.Join(n.Inputs, ", ") }
	}
	fmt.Fprintf(t, "layer\tkind%s\toutput shape\tparameters\tMACs\n", header)
	fmt.Fprintf(t, "%s\t%s\t%v\t0\t0\n", nn.InputName, strings.Repeat("\t", len(header)/len("\tinputs")), net.InputShape())
	for _, n := range net.Nodes() {
		fmt.Fprintf(t, "%s\t%s%s\t%v\t%s\t%s\n", n.Name, kindOf(n.Layer), inputs(n), n.Shape, thousands(trained(n)), thousands(n.MACs()))
	}
	t.Flush()
	fmt.Fprintf(w, "total parameters: %s%s, multiply–accumulates a sample: %s\n", thousands(net.NumParams()), statisticsText(net), thousands(net.MACs()))
}

// trained counts a layer's parameters that training changes.
func trained(n *nn.Node) int {
	params := 0
	for _, p := range n.Params {
		if p.Role.Trained() {
			params += len(p.Data)
		}
	}
	return params
}

func statisticsText(net *nn.Network) string {
	if n := net.NumStatistics(); n > 0 {
		return fmt.Sprintf(" and %s running statistics", thousands(n))
	}
	return ""
}

// isChain reports whether each layer reads the one before it and nothing else.
func isChain(net *nn.Network) bool {
	before := nn.InputName
	for _, n := range net.Nodes() {
		if len(n.Inputs) != 1 || n.Inputs[0] != before {
			return false
		}
		before = n.Name
	}
	return true
}

// thousands writes 27938 as 27,938.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// printSlopes prints statistics of learned slopes.
func printSlopes(w io.Writer, all []Slopes) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(w, "\nlearned slopes")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "layer\tparameter\tshared\tcount\tmean\tstd\tmin\tmax\tbelow 0\thistogram (min…max)")
	for _, s := range all {
		fmt.Fprintf(t, "%s\t%s of %s\t%s\t%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.1f %%\t%s\n",
			s.Layer, s.Param, s.Kind, s.Sharing, len(s.Values), s.Mean, s.Std, s.Min, s.Max, 100*s.Below, histogramOf(s))
	}
	t.Flush()
}

// histogramOf draws the spread of a layer's slopes; a single value has none.
func histogramOf(s Slopes) string {
	if len(s.Values) < 2 {
		return ""
	}
	return "|" + Bars(Histogram(s.Values, s.Min, s.Max, 16)) + "|"
}
