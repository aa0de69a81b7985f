package kernel

import "testing"

// The stages stay inside the buffers between them.
func TestStagesOfFastConvolutionsStayInsideTheirBuffers(t *testing.T) {
	for _, s := range append(detectISAs(), fakeISAs...) {
		if s.winograd == nil {
			continue
		}
		for _, p := range placements() {
			for seed := range uint64(10) {
				err := guard(p, seed, func(m *memory) {
					c := randomFast(m.rng)
					f := c.fast()
					call := winogradCall{FastConv: f, kernels: s.winograd, width: s.width}
					call.area = area{height: f.chunk[0], across: f.chunk[1]}
					width, outs := call.across*tileSide, min(f.outs, f.fours.hi*4)
					call.v, call.m = m.inOut(positions*call.plane(c.In)), m.inOut(positions*call.plane(outs))
					call.cols, call.rows = m.inOut(6*((width+2)|1)*Lanes), m.inOut(4*6*call.across*Lanes)
					call.zeros, call.clipped = make([]float32, c.W*Lanes), m.inOut(outs*tileSide*width*Lanes)
					call.convFast(make([]float32, c.outputs()), random(m.rng, c.inputs()), random(m.rng, f.Weights()), nil, nil)
				})
				if err != nil {
					t.Fatalf("%s, %s, seed %d: %v", s.name, p.name, seed, err)
				}
			}
		}
	}
}
