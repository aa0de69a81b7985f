package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// cleared is x with zeros in the border.
func (m *PackedMaps) cleared(x []float32) []float32 {
	for i := range x {
		row, column := i%m.Block()/m.Row(), i%m.Row()/Lanes
		if row < m.Border || row >= m.Border+m.H || column < m.Border || column >= m.Border+m.W {
			x[i] = 0
		}
	}
	return x
}

func TestPackedMapsKeepEveryPixel(t *testing.T) {
	rng := rand.New(rand.NewPCG(57, 58))
	for range 60 {
		m := PackedMaps{C: 1 + rng.IntN(40), H: 1 + rng.IntN(9), W: 1 + rng.IntN(30), Border: rng.IntN(3)}
		plane := m.H*m.W + rng.IntN(9)
		eachBackend(t, fmt.Sprintf("%+v", m), func(t *testing.T) {
			from := random(rng, (m.C-1)*plane+m.H*m.W)
			to, back := m.cleared(garbage(m.Size())), garbage(len(from))
			all := Range{0, m.Blocks()}
			PackMaps(to, from, plane, &m, all)
			UnpackMaps(back, to, plane, &m, all)
			where := packedLayout{m.C, m.H, m.W, m.Border, 0}
			for c := range m.Blocks() * Lanes {
				for y := -m.Border; y < m.H+m.Border; y++ {
					for x := -m.Border; x < m.W+m.Border; x++ {
						var want float32
						if c < m.C && y >= 0 && y < m.H && x >= 0 && x < m.W {
							at := c*plane + y*m.W + x
							if want = from[at]; back[at] != want {
								t.Fatalf("unpacked [%d][%d][%d] is %g, want %g", c, y, x, back[at], want)
							}
						}
						if got := to[where.at(c, y, x)]; got != want {
							t.Fatalf("packed [%d][%d][%d] is %g, want %g", c, y, x, got, want)
						}
					}
				}
			}
		})
	}
}

func TestPoolsOfPackedMapsEqualPoolsOfLanes(t *testing.T) {
	rng := rand.New(rand.NewPCG(59, 60))
	for i := range 150 {
		p, pads := randomPool(rng)
		in, out := PackedMaps{p.C * Lanes, p.H, p.W, rng.IntN(2)}, PackedMaps{p.C * Lanes, p.OH, p.OW, rng.IntN(2)}
		eachBackend(t, fmt.Sprintf("%d %+v", i, *p), func(t *testing.T) {
			x := random(rng, p.C*p.H*p.W*Lanes)
			if i%5 == 0 {
				copy(x[rng.IntN(len(x)):], garbage(1))
			}
			packed := garbage(in.Size())
			for r := range p.C * p.H {
				copy(packed[r/p.H*in.Block()+in.At(r%p.H, 0):], x[r*p.W*Lanes:][:p.W*Lanes])
			}
			g := &PackedPool{p, in.Row(), in.Block(), out.Row(), out.Block()}
			check := func(what string, pool func(y, x []float32, rows, blocks Range), plain func(y []float32)) {
				want, got, y := garbage(p.C*p.OH*p.OW*Lanes), []float32(nil), garbage(out.Size())
				plain(want)
				row, block := rng.IntN(p.OH+1), rng.IntN(p.C+1)
				for _, rows := range []Range{{0, row}, {row, p.OH}} {
					for _, blocks := range []Range{{0, block}, {block, p.C}} {
						pool(y[out.At(0, 0):], packed[in.At(0, 0):], rows, blocks)
					}
				}
				for r := range p.C * p.OH {
					got = append(got, y[r/p.OH*out.Block()+out.At(r%p.OH, 0):][:p.OW*Lanes]...)
				}
				equal := func(a, b float32) bool { return a == b || a != a && b != b }
				if !slices.EqualFunc(got, want, equal) {
					t.Errorf("%s: other values", what)
				}
			}
			check("max", func(y, x []float32, rows, blocks Range) { MaxPoolPacked(y, x, g, rows, blocks) }, func(y []float32) { MaxPoolForward(y, x, p) })
			for _, pads := range []*Padding{nil, &pads} {
				check("average", func(y, x []float32, rows, blocks Range) { AveragePoolPacked(y, x, g, pads, rows, blocks) },
					func(y []float32) { AveragePoolForward(y, x, p, pads) })
			}
		})
	}
}
