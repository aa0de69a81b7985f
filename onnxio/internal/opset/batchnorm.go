package opset

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// upgradeBatchNorm: training was the absence of is_test before opset 7, and from then to 13
// what more than one result meant. Before opset 9, with spatial 0, every element of a sample
// had statistics of its own.
func upgradeBatchNorm(l *upgrade) {
	train, err := l.n.Int("is_test", 0)
	spatial, err2 := l.n.Int("spatial", 1)
	switch {
	case err != nil || err2 != nil:
		l.fail("attributes is_test and spatial must be of kind INT")
	case len(l.n.Outputs) > 3 && l.g.Opset < 14 && !l.unread(3):
		l.fail("other nodes read the statistics of the batch that it gives")
	case spatial != 1 && l.g.Opset < 9:
		l.eachElement()
	}
	if l.why != "" {
		return
	}
	switch {
	case l.g.Opset < 7 && train == 0, l.g.Opset >= 7 && l.g.Opset < 14 && len(l.n.Outputs) > 1:
		l.n.Attrs = append(l.n.Attrs, graph.IntAttr("training_mode", 1))
		l.n.Outputs = l.n.Outputs[:min(3, len(l.n.Outputs))]
	case l.g.Opset < 14:
		l.n.Outputs = l.n.Outputs[:1]
	}
	l.dropBefore(7, "is_test")
	l.dropBefore(9, "spatial")
}

// unread reports whether nobody reads the results from number k on.
func (l *upgrade) unread(k int) bool {
	return !slices.ContainsFunc(l.n.Outputs[k:], func(out string) bool { return out != "" && l.g.Uses[out] > 0 })
}

// eachElement makes a normalisation of each element one of features: the map is flattened
// before it and gets its shape back behind. Where a channel has one element that is one of
// channels, and so is one whose parameters are those of channels: MXNet wrote spatial 0 for
// these too.
func (l *upgrade) eachElement() {
	x := l.g.Dims(l.n.Inputs[0])
	if len(x) < 2 || slices.Min(x[1:]) < 1 {
		l.fail("attribute spatial is 0, and the shape of its input is not known")
		return
	}
	channels, elements := x[1], ir.Volume(x[1:])
	count := l.parameters()
	switch {
	case count == channels:
		if elements > channels {
			l.g.Notes = append(l.g.Notes, l.n.Label()+": attribute spatial is 0, but its parameters are those of channels; it is read as with spatial 1")
		}
		return
	case count != elements:
		l.fail("attribute spatial is 0: its parameters must have a value for each of the %d elements of a sample", elements)
		return
	case len(l.n.Outputs) > 1:
		l.fail("attribute spatial is 0 in training")
		return
	}
	in, out := l.n.Inputs[0], l.n.Outputs[0]
	flat, norm := l.g.Unique(out+".flat"), l.g.Unique(out+".norm")
	back := l.g.AddInts(out+".shape", append([]int{-1}, x[1:]...)...)
	l.before = append(l.before, l.g.Like(&graph.Node{OpType: "Flatten", Inputs: []string{in}, Outputs: []string{flat}, Attrs: []*graph.Attr{graph.IntAttr("axis", 1)}}, l.n))
	l.n.Inputs[0], l.n.Outputs[0] = flat, norm
	l.after = append(l.after, l.g.Like(&graph.Node{OpType: "Reshape", Inputs: []string{norm, back}, Outputs: []string{out}}, l.n))
}

// parameters gives the four parameters one axis each, and their number of elements; 0 if it
// is not known or they differ.
func (l *upgrade) parameters() (count int) {
	for k := 1; k < 5; k++ {
		if !l.has(k) {
			return 0
		}
		p := l.n.Inputs[k]
		dims := l.g.Dims(p)
		if dims == nil || slices.Contains(dims, ir.BatchDim) || k > 1 && ir.Volume(dims) != count {
			return 0
		}
		count = ir.Volume(dims)
		if len(dims) != 1 {
			flat := l.g.Unique(p + ".flat")
			r := &graph.Node{OpType: "Reshape", Inputs: []string{p, l.g.AddInts(flat+".shape", -1)}, Outputs: []string{flat}}
			l.before = append(l.before, l.g.Like(r, l.n))
			l.n.Inputs[k] = flat
		}
	}
	return count
}
