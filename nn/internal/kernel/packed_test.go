package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// packedCase is a convolution of packed maps or planes.
type packedCase struct {
	PackedConv
	maps packedLayout // of x
	out  packedLayout // of y
}

// packedLayout says where pixels are: pixel (y, x) of channel c, y and x from −border on.
type packedLayout struct {
	channels, height, width, border int // without the border
	plane                           int // floats of a channel, if the layout is planes
}

func (p packedLayout) size() int {
	if p.plane > 0 {
		return p.channels * p.plane
	}
	m := p.maps()
	return m.Size()
}

func (p packedLayout) maps() PackedMaps {
	return PackedMaps{C: p.channels, H: p.height, W: p.width, Border: p.border}
}

func (p packedLayout) at(c, y, x int) int {
	if p.plane > 0 {
		return c*p.plane + (y+p.border)*(p.width+2*p.border) + x + p.border
	}
	m := p.maps()
	return c/Lanes*m.Block() + m.At(y, x) + c%Lanes
}

// fill writes random pixels, and zeros everywhere else.
func (p packedLayout) fill(rng *rand.Rand) []float32 {
	v := make([]float32, p.size())
	for c := range p.channels {
		for y := range p.height {
			for x := range p.width {
				v[p.at(c, y, x)] = float32(rng.NormFloat64())
			}
		}
	}
	return v
}

// newPackedCase is a convolution of maps of height × width pixels.
func newPackedCase(c PackedConv, planes bool, height, width, border, outBorder int) *packedCase {
	p := &packedCase{
		PackedConv: c,
		maps:       packedLayout{c.In, height, width, border, 0},
		out:        packedLayout{c.Out, c.OH, c.OW, outBorder, 0},
	}
	m, out := p.maps.maps(), p.out.maps()
	p.XLane, p.XPixel, p.XRow, p.XBlock = 1, Lanes, m.Row(), m.Block()
	if planes {
		p.maps.plane = (height + 2*border) * (width + 2*border)
		p.XLane, p.XPixel, p.XRow, p.XBlock = p.maps.plane, 1, width+2*border, 0
	}
	p.YRow, p.YBlock = out.Row(), out.Block()
	return p
}

func randomPacked(rng *rand.Rand) *packedCase {
	for {
		c := PackedConv{
			In: 1 + rng.IntN(40), Out: 1 + rng.IntN(100), KH: 1 + rng.IntN(3), KW: 1 + rng.IntN(4),
			StrideH: 1 + rng.IntN(2), StrideW: 1 + rng.IntN(3), DilationH: 1 + rng.IntN(2), DilationW: 1 + rng.IntN(2),
			Relu: rng.IntN(2) == 0,
		}
		height, width, border := 1+rng.IntN(9), 1+rng.IntN(20), rng.IntN(3)
		if rng.IntN(4) > 0 {
			c.Out, width = 1+rng.IntN(36), 1+rng.IntN(9)
		}
		planes := rng.IntN(3) == 0
		if planes {
			c.In = 1 + rng.IntN(4)
		}
		c.OH = (height+2*border-c.DilationH*(c.KH-1)-1)/c.StrideH + 1
		c.OW = (width+2*border-c.DilationW*(c.KW-1)-1)/c.StrideW + 1
		if height+2*border > c.DilationH*(c.KH-1) && width+2*border > c.DilationW*(c.KW-1) {
			return newPackedCase(c, planes && (height+2*border)*(width+2*border) > 1, height, width, border, rng.IntN(2))
		}
	}
}

// randomDepthwise has 3×3 taps, for which there are kernels, every other time.
func randomDepthwise(rng *rand.Rand) *packedCase {
	for {
		p := randomPacked(rng)
		c, m := p.PackedConv, p.maps
		c.Out = c.In
		if rng.IntN(2) == 0 {
			c.KH, c.KW, c.DilationW = 3, 3, 1
			c.OH = (m.height+2*m.border-2*c.DilationH-1)/c.StrideH + 1
			c.OW = (m.width+2*m.border-3)/c.StrideW + 1
		}
		if m.height+2*m.border > c.DilationH*(c.KH-1) && m.width+2*m.border > c.DilationW*(c.KW-1) {
			return newPackedCase(c, false, m.height, m.width, m.border, p.out.border)
		}
	}
}

// eachTap calls f for each product of output pixel (oy, ox): the input pixel (y, x) and the tap.
func (p *packedCase) eachTap(oy, ox int, f func(y, x, tap int)) {
	for ky := range p.KH {
		for kx := range p.KW {
			f(oy*p.StrideH+ky*p.DilationH-p.maps.border, ox*p.StrideW+kx*p.DilationW-p.maps.border, ky*p.KW+kx)
		}
	}
}

// first is x from the first tap on, and y from its first pixel.
func (p *packedCase) first(x, y []float32) (fromX, fromY []float32) {
	return x, y[p.out.at(0, 0, 0):]
}

// padBias is a bias for whole blocks, or nil.
func padBias(rng *rand.Rand, channels int) []float32 {
	if rng.IntN(4) == 0 {
		return nil
	}
	b := make([]float32, packedBlocks(channels)*Lanes)
	copy(b, random(rng, channels))
	return b
}

func TestConvPackedEqualsPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	for i := range some(150) {
		p := randomPacked(rng)
		eachBackend(t, fmt.Sprintf("%d %+v", i, p.PackedConv), func(t *testing.T) {
			area := p.KH * p.KW
			x, w := p.maps.fill(rng), random(rng, p.Out*p.In*area)
			b, scale, add := padBias(rng, p.Out), random(rng, p.Out), p.out.fill(rng)
			switch i % 3 {
			case 0:
				add = nil
			case 1:
				scale = nil
			}
			weights := garbage(p.Weights())
			p.Pack(weights, w, scale)
			y := garbage(p.out.size())
			fromX, toY := p.first(x, y)
			var addFrom []float32
			if add != nil {
				addFrom = add[p.out.at(0, 0, 0):]
			}
			runPacked(p, rng, func(rows, blocks Range) {
				ConvPacked(toY, fromX, weights, b, addFrom, &p.PackedConv, rows, blocks)
			})
			p.checkPacked(t, y, func(s *sums, i, oc, oy, ox int) {
				if b != nil {
					s.add(i, b[oc], 1)
				}
				p.eachTap(oy, ox, func(iy, ix, tap int) {
					for ic := range p.In {
						v := w[(oc*p.In+ic)*area+tap]
						if scale != nil {
							v *= scale[oc]
						}
						s.add(i, v, x[p.maps.at(ic, iy, ix)])
					}
				})
				if add != nil {
					s.add(i, add[p.out.at(oc, oy, ox)], 1)
				}
			})
		})
	}
}

func TestDepthwisePackedEqualsPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(53, 54))
	for i := range 80 {
		p := randomDepthwise(rng)
		eachBackend(t, fmt.Sprintf("%d %+v", i, p.PackedConv), func(t *testing.T) {
			area := p.KH * p.KW
			x, w, b, scale := p.maps.fill(rng), random(rng, p.Out*area), padBias(rng, p.Out), random(rng, p.Out)
			if i%2 == 0 {
				scale = nil
			}
			weights := garbage(p.DepthwiseWeights())
			p.PackDepthwise(weights, w, scale)
			y := garbage(p.out.size())
			fromX, toY := p.first(x, y)
			runPacked(p, rng, func(rows, blocks Range) {
				DepthwisePacked(toY, fromX, weights, b, &p.PackedConv, rows, blocks)
			})
			p.checkPacked(t, y, func(s *sums, i, c, oy, ox int) {
				if b != nil {
					s.add(i, b[c], 1)
				}
				p.eachTap(oy, ox, func(iy, ix, tap int) {
					v := w[c*area+tap]
					if scale != nil {
						v *= scale[c]
					}
					s.add(i, v, x[p.maps.at(c, iy, ix)])
				})
			})
		})
	}
}

// runPacked computes all of a map in shares.
func runPacked(p *packedCase, rng *rand.Rand, run func(rows, blocks Range)) {
	row, block := rng.IntN(p.OH+1), rng.IntN(p.Blocks()+1)
	for _, rows := range []Range{{0, row}, {row, p.OH}} {
		for _, blocks := range []Range{{0, block}, {block, p.Blocks()}} {
			run(rows, blocks)
		}
	}
}

// checkPacked compares y with sums, wants zeros in lanes without a channel, and the border as it
// was.
func (p *packedCase) checkPacked(t *testing.T, y []float32, sum func(s *sums, i, c, oy, ox int)) {
	t.Helper()
	m := p.out.maps()
	seen := make([]bool, len(y))
	for c := range m.Blocks() * Lanes {
		for oy := range p.OH {
			for ox := range p.OW {
				at := p.out.at(c, oy, ox)
				seen[at] = true
				if c >= p.Out {
					if y[at] != 0 {
						t.Fatalf("lane %d holds %g, and no channel", c, y[at])
					}
					continue
				}
				want := newSums(1)
				sum(want, 0, c, oy, ox)
				if p.Relu && want.value[0] < 0 {
					want.value[0] = 0
				}
				want.check(t, fmt.Sprintf("y[%d][%d][%d]", c, oy, ox), y[at:at+1])
			}
		}
	}
	for i, v := range y {
		if !seen[i] && v == v {
			t.Fatalf("float %d, of the border, was written", i)
		}
	}
}

// The ranges in which a map is computed do not change a bit.
func TestPackedRangesGiveTheBitsOfTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(55, 56))
	var cases []*packedCase
	for range 50 {
		cases = append(cases, randomPacked(rng))
	}
	// Two that take many calls: rows in bands, and tiles one by one.
	wide := PackedConv{In: 160, Out: 16, OH: 20, OW: 40, KH: 1, KW: 1, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1}
	deep := PackedConv{In: 160, Out: 33, OH: 3, OW: 13, KH: 3, KW: 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1}
	cases = append(cases, newPackedCase(wide, false, 20, 40, 0, 0), newPackedCase(deep, false, 3, 13, 1, 0))
	for i, p := range cases {
		planned := p.Plan() // for one backend, used by all
		eachBackend(t, fmt.Sprint(i), func(t *testing.T) {
			x, w, b := p.maps.fill(rng), random(rng, p.Out*p.In*p.KH*p.KW), padBias(rng, p.Out)
			weights := make([]float32, p.Weights())
			p.Pack(weights, w, nil)
			c := &p.PackedConv
			if i%2 == 0 {
				c = planned
			}
			whole, parts := make([]float32, p.out.size()), make([]float32, p.out.size())
			fromX, toWhole := p.first(x, whole)
			_, toParts := p.first(x, parts)
			all := Range{0, p.Blocks()}
			ConvPacked(toWhole, fromX, weights, b, nil, c, Range{0, p.OH}, all)
			for row := range p.OH {
				for block := range p.Blocks() {
					ConvPacked(toParts, fromX, weights, b, nil, c, Range{row, row + 1}, Range{block, block + 1})
				}
			}
			if !slices.Equal(whole, parts) {
				t.Error("other bits")
			}
			// In place, the sum of what was there.
			ConvPacked(toParts, fromX, weights, b, toParts, c, Range{0, p.OH}, all)
			for i, v := range whole {
				if p.Relu && v < 0 || !p.Relu && parts[i] != 2*v {
					t.Fatalf("in place float %d is %g, want twice %g", i, parts[i], v)
				}
			}
		})
	}
}
