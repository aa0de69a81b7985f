package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
)

// fuseChannelOrder: a convolution of channels that a Gather has put in another order, such as
// BGR for RGB, is one of the channels as they were, with its kernels in the other order.
func fuseChannelOrder(f *fuser, n *graph.Node) bool {
	take := f.inner(n.Inputs[0], "Gather")
	group, err1 := n.Int("group", 1)
	if take == nil || err1 != nil || group != 1 || f.Consts[n.Inputs[1]] == nil {
		return false
	}
	axis, err2 := take.Int("axis", 0)
	at := f.Consts[take.Inputs[1]]
	shape := f.Dims(take.Inputs[0])
	if err2 != nil || axis != 1 || at == nil || len(at.Dims) != 1 || len(shape) != 4 {
		return false
	}
	from, err := at.Int64s()
	if err != nil {
		return false
	}
	to := inverse(from, shape[1])
	if to == nil {
		return false
	}
	weight, ok := constfold.Calculate(f.Graph, "Gather", []*graph.Attr{graph.IntAttr("axis", 1)}, n.Inputs[1], f.AddInts(take.Outputs[0]+".order", to...))
	if !ok {
		return false
	}
	c := f.CopyOf(n)
	c.Inputs[0], c.Inputs[1] = take.Inputs[0], weight
	f.replace(c, n, take)
	return true
}

// inverse is the inverse of a permutation of n places, of which those below 0 count from the
// end; nil if it is none.
func inverse(from []int64, n int) []int {
	if len(from) != n {
		return nil
	}
	to := slices.Repeat([]int{-1}, n)
	for i, k := range from {
		if k < 0 {
			k += int64(n)
		}
		if k < 0 || k >= int64(n) || to[k] >= 0 {
			return nil
		}
		to[k] = i
	}
	return to
}
