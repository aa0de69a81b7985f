package exec

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// maxSingle limits the number of samples that run one by one, unless that costs about as little
// as blocks do.
const maxSingle = 8

// cost is the estimated cost of a node, in vector instructions.
type cost struct{ single, block float64 }

// estimate is the cost of a node for a single sample and for a block. For a single sample a
// vector multiplies Lanes pixels, and some numbers are moved one by one.
func (n *planarNode) estimate(steps []op.PlanarStep) (c cost) {
	moved, macs, size, packed := 0., 0, float64(n.op.Shape().Size()), false
	for _, s := range steps {
		macs += s.MACs
		numbers := float64(s.To.Channels * s.To.H * s.To.W)
		if packed = s.To.Packed; packed { // by vectors
			numbers /= 4
		}
		moved += numbers
	}
	if n.op.MACs() == 0 {
		return cost{moved / 4, size * op.Lanes / 4}
	}
	if macs == 0 {
		macs = n.op.MACs()
	}
	c = cost{float64(macs)/op.Lanes + moved/2, float64(n.op.MACs()) + size}
	switch {
	case packed:
		c.block *= packedGain
	case size == float64(n.op.Shape()[0]): // one pixel
		c.single *= denseLoss
	}
	return c
}

// denseLoss is how much longer a dense layer takes for a single sample than it is estimated to,
// beside a block, whose sums stay in registers while more weights go by.
const denseLoss = 1.7

// packedGain is how much longer a block takes than it is estimated to, beside packed maps, which
// stay in the cache and are fused with the layers after them.
const packedGain = 1.3

// samplesBelowBlock is the largest number of samples to run one by one. It is three fifths of
// the number at which the estimated costs are equal, since the estimate is rough and a block is
// shared better between processors than a single sample. It is two fifths for the Go backend,
// whose loops for single samples are slower than those for blocks. There is no limit if sixteen
// samples cost about as much as a block: each then stays in the cache from layer to layer.
func (c cost) samplesBelowBlock() int {
	if !isGoBackend() && c.single*op.Lanes <= c.block {
		return math.MaxInt
	}
	return min(maxSingle, max(1, int(c.belowEqual())))
}

// samplesBehindBlocks is the largest number of samples to run one by one behind whole blocks,
// instead of as another block: fewer, because several blocks leave no processor idle.
func (c cost) samplesBehindBlocks() int { return min(maxSingle, int(c.belowEqual()*2/3)) }

// belowEqual is a share of the number of samples at which the costs are equal.
func (c cost) belowEqual() float64 {
	share := 3. / 5
	if isGoBackend() {
		share = 2. / 5
	}
	return share * c.block / max(1, c.single)
}

func isGoBackend() bool {
	name, _ := kernel.Backend()
	return name == "go"
}

// cut is the node after which samples are gathered into blocks, at the least cost: layers with
// many weights and few pixels, dense ones, read their weights once for a block. It is −1 if
// there is none, or if blocks are better from the start.
func (r *planarRun) cut() int {
	if isGoBackend() {
		return -1
	}
	all, weights := 0., 0
	for i, c := range r.costs {
		all += c.block
		weights += r.numWeights(i)
	}
	perWeight := 0.
	if weights > cachedWeights {
		perWeight = weightCost
	}
	best, least, at := -1, all, all
	for i, c := range r.costs {
		at += op.Lanes*(c.single+float64(r.numWeights(i))*perWeight) - c.block
		if !r.crosses(i) {
			continue
		}
		if total := at + float64(op.Lanes*r.shape(Value(i)).Size()); total <= least { // its numbers are moved one by one
			best, least = i, total
		}
	}
	return best
}

// numWeights is the number of a node's parameters.
func (r *planarRun) numWeights(i int) (n int) {
	for _, w := range r.Nodes[i].Weights {
		n += len(w)
	}
	return n
}

// cachedWeights is the number of parameters that stay in the second-level cache, and weightCost
// the cost of reading one of more for a single sample.
const (
	cachedWeights = 1 << 18
	weightCost    = 3. / 8
)

// crosses reports whether the output of node i is all that later nodes read.
func (r *planarRun) crosses(i int) bool {
	if !r.computed[i] {
		return false
	}
	for k := i + 1; k < len(r.Nodes); k++ {
		for _, v := range r.Nodes[k].In {
			if r.computed[k] && int(v) < i {
				return false
			}
		}
	}
	for _, v := range r.cfg.Outputs {
		if int(v) < i {
			return false
		}
	}
	return true
}
