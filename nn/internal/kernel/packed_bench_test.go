package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// benchPacked are convolutions of resnet20, vgg8 and mobilenet-small, with planes where the first
// layer reads them.
var benchPacked = []struct {
	in, out, side, kernel, stride int
	depthwise                     bool
}{
	{in: 1, out: 16, side: 28, kernel: 3, stride: 1},
	{in: 3, out: 16, side: 32, kernel: 3, stride: 1},
	{in: 3, out: 32, side: 32, kernel: 3, stride: 1},
	{in: 16, out: 16, side: 32, kernel: 3, stride: 1},
	{in: 16, out: 32, side: 32, kernel: 3, stride: 2},
	{in: 32, out: 32, side: 32, kernel: 3, stride: 1},
	{in: 32, out: 32, side: 16, kernel: 3, stride: 1},
	{in: 32, out: 64, side: 16, kernel: 3, stride: 1},
	{in: 32, out: 64, side: 16, kernel: 3, stride: 2},
	{in: 64, out: 64, side: 16, kernel: 3, stride: 1},
	{in: 64, out: 64, side: 8, kernel: 3, stride: 1},
	{in: 64, out: 128, side: 8, kernel: 3, stride: 1},
	{in: 128, out: 128, side: 8, kernel: 3, stride: 1},
	{in: 16, out: 32, side: 32, kernel: 1, stride: 2},
	{in: 32, out: 64, side: 16, kernel: 1, stride: 2},
	{in: 16, out: 32, side: 28, kernel: 1, stride: 1},
	{in: 32, out: 64, side: 14, kernel: 1, stride: 1},
	{in: 64, out: 64, side: 14, kernel: 1, stride: 1},
	{in: 64, out: 128, side: 7, kernel: 1, stride: 1},
	{in: 128, out: 128, side: 7, kernel: 1, stride: 1},
	{in: 16, out: 16, side: 28, kernel: 3, stride: 1, depthwise: true},
	{in: 32, out: 32, side: 28, kernel: 3, stride: 2, depthwise: true},
	{in: 64, out: 64, side: 14, kernel: 3, stride: 1, depthwise: true},
	{in: 64, out: 64, side: 14, kernel: 3, stride: 2, depthwise: true},
	{in: 128, out: 128, side: 7, kernel: 3, stride: 1, depthwise: true},
}

// The share of the peak is the median over slices of some ten microseconds, before each of which the
// peak is measured.
func BenchmarkPacked(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, l := range benchPacked {
		c := PackedConv{In: l.in, Out: l.out, KH: l.kernel, KW: l.kernel, StrideH: l.stride, StrideW: l.stride, DilationH: 1, DilationW: 1, Relu: true}
		c.OH, c.OW = (l.side-1)/l.stride+1, (l.side-1)/l.stride+1
		p := newPackedCase(c, l.in < 4, l.side, l.side, l.kernel/2, 1)
		what, products := fmt.Sprintf("%dx%d/%d", l.kernel, l.kernel, l.stride), l.in
		if l.depthwise {
			what, products = what+"dw", 1
		}
		p.PackedConv = *p.Plan()
		x, y := aligned(p.maps.fill(rng)), Aligned(p.out.size())
		w, bias := Aligned(p.Weights()), make([]float32, p.Blocks()*Lanes)
		p.Pack(w, random(rng, l.out*l.in*l.kernel*l.kernel), nil)
		fromX, toY := p.first(x, y)
		rows, blocks := Range{0, p.OH}, Range{0, p.Blocks()}
		benchShare(b, fmt.Sprintf("%s %d-%d@%d", what, l.in, l.out, l.side), 2*products*l.out*l.kernel*l.kernel*p.OH*p.OW, func() {
			if l.depthwise {
				DepthwisePacked(toY, fromX, w[:p.DepthwiseWeights()], bias, &p.PackedConv, rows, blocks)
			} else {
				ConvPacked(toY, fromX, w, bias, nil, &p.PackedConv, rows, blocks)
			}
		})
	}
}

func aligned(x []float32) []float32 {
	v := Aligned(len(x))
	copy(v, x)
	return v
}

// benchShare reports the share of the peak that a call of so many FLOPs reaches.
func benchShare(b *testing.B, name string, flops int, call func()) {
	for _, backend := range realBackends() {
		if backend == "go" {
			continue
		}
		b.Run(fmt.Sprintf("%s/%s", name, backend), func(b *testing.B) {
			restore, err := Use(backend)
			if err != nil {
				b.Fatal(err)
			}
			defer restore()
			peak, calls := Prober(Peak), max(1, 4_000_000/flops)
			var shares []float64
			for b.Loop() {
				start := time.Now()
				top := float64(peak()) / float64(time.Since(start))
				start = time.Now()
				for range calls {
					call()
				}
				shares = append(shares, float64(calls*flops)/float64(time.Since(start))/top)
			}
			slices.Sort(shares)
			b.ReportMetric(100*shares[len(shares)/2], "%peak")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// What moves or reduces packed maps is held against a copy of the maps.
func BenchmarkPackedMaps(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, l := range []struct{ channels, side int }{{32, 32}, {64, 16}, {128, 8}} {
		m := PackedMaps{C: l.channels, H: l.side, W: l.side, Border: 1}
		flat := PackedMaps{C: l.channels, H: l.side / 2, W: l.side / 2}
		x, y, plane := aligned(random(rng, m.Size())), Aligned(m.Size()), l.side*l.side
		halve := Pool{H: l.side, W: l.side, OH: l.side / 2, OW: l.side / 2, KH: 2, KW: 2, StrideH: 2, StrideW: 2, DilationH: 1, DilationW: 1}.Plan()
		global := Pool{H: l.side, W: l.side, OH: 1, OW: 1, KH: l.side, KW: l.side, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1}.Plan()
		blocks := Range{0, m.Blocks()}
		for _, f := range []struct {
			name string
			call func()
		}{
			{"max 2x2", func() {
				MaxPoolPacked(y, x[m.At(0, 0):], &PackedPool{halve, m.Row(), m.Block(), flat.Row(), flat.Block()}, Range{0, halve.OH}, blocks)
			}},
			{"global average", func() {
				AveragePoolPacked(y, x[m.At(0, 0):], &PackedPool{global, m.Row(), m.Block(), Lanes, Lanes}, nil, Range{0, 1}, blocks)
			}},
			{"pack", func() { PackMaps(y, x, plane, &m, blocks) }},
			{"unpack", func() { UnpackMaps(y, x, plane, &m, blocks) }},
			{"unpack flat", func() { UnpackMaps(y, x, plane/4, &flat, blocks) }},
			{"copy", func() { copy(y, x) }},
		} {
			for _, backend := range realBackends() {
				b.Run(fmt.Sprintf("%s %d@%d/%s", f.name, l.channels, l.side, backend), func(b *testing.B) {
					restore, err := Use(backend)
					if err != nil {
						b.Fatal(err)
					}
					defer restore()
					for b.Loop() {
						f.call()
					}
				})
			}
		}
	}
}
