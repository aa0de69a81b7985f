package exec

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// maxSingle limits the number of samples that run one by one, unless that costs about as little
// as blocks do.
const maxSingle = 8

// estimate adds the cost of a layer, in vector instructions, for a single sample and for a
// block. For a single sample a vector multiplies Lanes pixels, and some numbers are moved one
// by one.
func (p *planarPlan) estimate(o op.Planar, steps []op.PlanarStep) {
	moved, macs, size := 0., 0, float64(o.Shape().Size())
	for _, s := range steps {
		macs += s.MACs
		n := float64(s.To.Channels * s.To.H * s.To.W)
		if s.To.Packed { // by vectors
			n /= 4
		}
		moved += n
	}
	if o.MACs() == 0 {
		p.single += moved / 4
		p.block += size * op.Lanes / 4
		return
	}
	if macs == 0 {
		macs = o.MACs()
	}
	p.single += float64(macs)/op.Lanes + moved/2
	p.block += float64(o.MACs()) + size
}

// samplesBelowBlock is the largest number of samples to run one by one. It is three fifths of
// the number at which the estimated costs are equal, since the estimate is rough and a block is
// shared better between processors than a single sample. It is two fifths for the Go backend,
// whose loops for single samples are slower than those for blocks. There is no limit if sixteen
// samples cost about as much as a block: each then stays in the cache from layer to layer.
func (p *planarPlan) samplesBelowBlock() int {
	share := 3. / 5
	if name, _ := kernel.Backend(); name == "go" {
		share = 2. / 5
	} else if p.single*op.Lanes <= 1.1*p.block {
		return math.MaxInt
	}
	return min(maxSingle, max(1, int(share*p.block/max(1, p.single))))
}
