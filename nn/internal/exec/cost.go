package exec

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// maxSingle is up to how many samples go through any network one by one.
const maxSingle = 8

// estimate adds what a layer costs, in vector instructions: alone, where a vector multiplies
// Lanes pixels and some numbers are moved one by one, and for a block.
func (p *planarPlan) estimate(o op.Op, steps []op.PlanarStep) {
	moved, macs, size := 0, 0, float64(o.Shape().Size())
	for _, s := range steps {
		macs += s.MACs
		moved += s.To.Channels * s.To.H * s.To.W
	}
	if o.MACs() == 0 {
		p.single += float64(moved) / 4
		p.block += size * op.Lanes / 4
		return
	}
	if macs == 0 {
		macs = o.MACs()
	}
	p.single += float64(macs)/op.Lanes + float64(moved)/2
	p.block += float64(o.MACs()) + size
}

// few is up to how many samples go through the network one by one: three fifths of those that
// by the estimate cost what a block does, since the estimate is rough and several processors
// share a block better than one sample. Plain Go's loops for one sample are slower than those
// for blocks: two fifths.
func (p *planarPlan) samplesBelowBlock() int {
	share := 3. / 5
	if name, _ := kernel.Backend(); name == "go" {
		share = 2. / 5
	}
	return min(maxSingle, max(1, int(share*p.block/max(1, p.single))))
}
