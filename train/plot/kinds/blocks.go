package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/plot/layered"
	"github.com/gonn-toolkit/gonn/train/report"
)

// block is a box in the picture of a network: an input, or a layer with those that follow it
// alone and change nothing but values, such as normalisation and activation.
type block struct {
	name   string
	layers []*nn.Node
	shape  nn.Shape // of its output
	input  bool
}

// blocks is a network as boxes and the values that go from one to another.
type blocks struct {
	all   []block
	edges []layered.Edge
}

func blocksOf(net *nn.Network) blocks {
	var b blocks
	at := map[string]int{} // the block that gives a value
	readers := map[string]int{}
	for _, n := range net.Nodes() {
		for _, in := range n.Inputs {
			readers[in]++
		}
	}
	for _, p := range net.Outputs() {
		readers[p.Name]++
	}
	for _, p := range net.Inputs() {
		at[p.Name] = len(b.all)
		b.all = append(b.all, block{name: p.Name, shape: p.Shape, input: true})
	}
	for _, n := range net.Nodes() {
		i, joins := at[n.Inputs[0]], false
		if before := &b.all[i]; !before.input && len(n.Inputs) == 1 && readers[n.Inputs[0]] == 1 {
			joins = n.Shape.Size() == before.shape.Size() && n.MACs() <= n.Shape.Size()
		}
		if !joins {
			i = len(b.all)
			b.all = append(b.all, block{name: n.Name})
			for _, in := range n.Inputs {
				b.edges = append(b.edges, layered.Edge{From: at[in], To: i})
			}
		}
		at[n.Name] = i
		to := &b.all[i]
		to.layers = append(to.layers, n)
		to.shape = n.Shape
	}
	return b
}

// foot is the last line of a box: the shape of what it gives, and its parameters.
func (b *block) foot() string {
	var dims []string
	for _, d := range b.shape {
		dims = append(dims, fmt.Sprint(d))
	}
	s := strings.Join(dims, "×")
	if params := report.ParamsText(b.layers...); params != "" {
		s += " · " + params
	}
	return s
}

// lines are all lines of a box: its name, the first layer if it has parameters, those that change
// its values, its foot.
func (b *block) lines() []string {
	lines := []string{b.name}
	var rest []string
	for i, n := range b.layers {
		if i == 0 && report.ParamsText(n) != "" {
			lines = append(lines, shortText(n))
		} else {
			rest = append(rest, shortText(n))
		}
	}
	if rest != nil {
		lines = append(lines, strings.Join(rest, " · "))
	}
	return append(lines, b.foot())
}

// minor are settings that the shapes in the picture tell, or that hardly differ.
var minor = []string{"stride 1", "pads", "no bias", "eps", "momentum"}

// shortText is what a layer is made with, as far as a picture has room.
func shortText(n *nn.Node) string {
	kind, settings, _ := strings.Cut(report.LayerText(n), " ")
	var kept []string
	for part := range strings.SplitSeq(settings, ", ") {
		left := slices.ContainsFunc(minor, func(m string) bool { return part == m || strings.HasPrefix(part, m+" ") })
		if _, act := n.Layer.(activation.Layer); part != "" && !left && !act {
			kept = append(kept, part)
		}
	}
	if kept != nil {
		kind += " " + strings.Join(kept, ", ")
	}
	return kind
}
