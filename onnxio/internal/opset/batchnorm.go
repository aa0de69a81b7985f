package opset

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// upgradeBatchNorm: training was the absence of is_test before opset 7, and from then to 13
// what more than one result meant. Before opset 9, with spatial 0, every element of a sample
// had statistics of its own.
func upgradeBatchNorm(up *upgrade) {
	train, err := up.n.Int("is_test", 0)
	spatial, err2 := up.n.Int("spatial", 1)
	switch {
	case err != nil || err2 != nil:
		up.fail("attributes is_test and spatial must be of kind INT")
	case len(up.n.Outputs) > 3 && up.g.Opset < 14 && !up.unread(3):
		up.fail("other nodes read the statistics of the batch that it gives")
	case spatial != 1 && up.g.Opset < 9:
		up.eachElement()
	}
	if up.why != "" {
		return
	}
	switch {
	case up.g.Opset < 7 && train == 0, up.g.Opset >= 7 && up.g.Opset < 14 && len(up.n.Outputs) > 1:
		up.n.Attrs = append(up.n.Attrs, graph.IntAttr("training_mode", 1))
		up.n.Outputs = up.n.Outputs[:min(3, len(up.n.Outputs))]
	case up.g.Opset < 14:
		up.n.Outputs = up.n.Outputs[:1]
	}
	up.dropBefore(7, "is_test")
	up.dropBefore(9, "spatial")
}

// unread reports whether nobody reads the results from number k on.
func (up *upgrade) unread(k int) bool {
	return !slices.ContainsFunc(up.n.Outputs[k:], func(out string) bool { return out != "" && up.g.Uses[out] > 0 })
}

// eachElement makes a normalisation of each element one of features: the map is flattened
// before it and gets its shape back behind. Where a channel has one element that is one of
// channels, and so is one whose parameters are those of channels: MXNet wrote spatial 0 for
// these too.
func (up *upgrade) eachElement() {
	x := up.g.Dims(up.n.Inputs[0])
	if len(x) < 2 || slices.Min(x[1:]) < 1 {
		up.fail("attribute spatial is 0, and the shape of its input is not known")
		return
	}
	channels, elements := x[1], ir.Volume(x[1:])
	count := up.parameters()
	switch {
	case count == channels:
		if elements > channels {
			up.g.Notes = append(up.g.Notes, up.n.Label()+": attribute spatial is 0, but its parameters are those of channels; it is read as with spatial 1")
		}
		return
	case count != elements:
		up.fail("attribute spatial is 0: its parameters must have a value for each of the %d elements of a sample", elements)
		return
	case len(up.n.Outputs) > 1:
		up.fail("attribute spatial is 0 in training")
		return
	}
	in, out := up.n.Inputs[0], up.n.Outputs[0]
	flat, norm := up.g.Unique(out+".flat"), up.g.Unique(out+".norm")
	back := up.g.AddInts(out+".shape", append([]int{-1}, x[1:]...)...)
	up.before = append(up.before, up.g.Like(&graph.Node{OpType: "Flatten", Inputs: []string{in}, Outputs: []string{flat}, Attrs: []*graph.Attr{graph.IntAttr("axis", 1)}}, up.n))
	up.n.Inputs[0], up.n.Outputs[0] = flat, norm
	up.after = append(up.after, up.g.Like(&graph.Node{OpType: "Reshape", Inputs: []string{norm, back}, Outputs: []string{out}}, up.n))
}

// parameters gives the four parameters one axis each, and their number of elements; 0 if it
// is not known or they differ.
func (up *upgrade) parameters() (count int) {
	for k := 1; k < 5; k++ {
		if !up.has(k) {
			return 0
		}
		p := up.n.Inputs[k]
		dims := up.g.Dims(p)
		if dims == nil || slices.Contains(dims, ir.BatchDim) || k > 1 && ir.Volume(dims) != count {
			return 0
		}
		count = ir.Volume(dims)
		if len(dims) != 1 {
			flat := up.g.Unique(p + ".flat")
			r := &graph.Node{OpType: "Reshape", Inputs: []string{p, up.g.AddInts(flat+".shape", -1)}, Outputs: []string{flat}}
			up.before = append(up.before, up.g.Like(r, up.n))
			up.n.Inputs[k] = flat
		}
	}
	return count
}
