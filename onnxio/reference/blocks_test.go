package reference

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// nodeSource draws nodes.
type nodeSource struct{ *rand.Rand }

func (r nodeSource) between(low, high int) int { return low + r.IntN(high-low+1) }

// sizes are n numbers from low to high.
func (r nodeSource) sizes(n, low, high int) []int {
	v := make([]int, n)
	for i := range v {
		v[i] = r.between(low, high)
	}
	return v
}

// tensor has numbers of the normal distribution; odd mixes in some that sums and comparisons
// treat in their own way.
func (r nodeSource) tensor(odd bool, shape ...int) *Tensor {
	t := must(newTensor(graph.Float, shape...))
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0, 1}
	for i := range t.Floats {
		t.Floats[i] = r.NormFloat64()
		if odd && r.IntN(12) == 0 {
			t.Floats[i] = special[r.IntN(len(special))]
		}
	}
	return t
}

func (r nodeSource) ints(name string, n, low, high int) *graph.Attr {
	v := make([]int64, n)
	for i := range v {
		v[i] = int64(r.between(low, high))
	}
	return graph.IntsAttr(name, v...)
}

// windowAttrs are strides and padding, and dilations if the operator has them.
func (r nodeSource) windowAttrs(n int, dilated bool) []*graph.Attr {
	a := []*graph.Attr{r.ints("strides", n, 1, 3)}
	if dilated {
		a = append(a, r.ints("dilations", n, 1, 3))
	}
	switch r.IntN(4) {
	case 0:
		a = append(a, graph.StringAttr("auto_pad", []string{"SAME_UPPER", "SAME_LOWER", "VALID"}[r.IntN(3)]))
	case 1:
	default:
		a = append(a, r.ints("pads", 2*n, 0, 3))
	}
	return a
}

// node draws a node of an operator, with sizes up to about scale along each axis.
func (r nodeSource) node(op string, scale int) *call {
	odd, axes := r.IntN(2) == 0, r.between(1, 3)
	c := &call{node: &graph.Node{OpType: op, Outputs: []string{"y"}}, opset: 22}
	switch op {
	case "Conv", "ConvTranspose":
		group, in, out := r.between(1, 4), r.between(0, 1+scale/2), r.between(1, scale)
		if r.IntN(3) == 0 {
			in, out = 1, 1 // depthwise
		}
		x, w := []int{r.between(0, 3), group * in}, []int{group * out, in}
		if op == "ConvTranspose" {
			w = []int{group * in, out}
		}
		x, w = append(x, r.sizes(axes, 1, 2+scale)...), append(w, r.sizes(axes, 1, 4)...)
		c.node.Attrs = append(r.windowAttrs(axes, true), graph.IntAttr("group", int64(group)))
		c.in = []*Tensor{r.tensor(odd, x...), r.tensor(odd, w...)}
		if r.IntN(2) == 0 {
			c.in = append(c.in, r.tensor(odd, group*out))
		}
	case "MaxPool", "AveragePool", "LpPool":
		c.in = []*Tensor{r.tensor(odd, slices.Concat(r.sizes(2, 0, 4), r.sizes(axes, 1, 2+scale))...)}
		c.node.Attrs = append(r.windowAttrs(axes, true), r.ints("kernel_shape", axes, 1, 4), graph.IntAttr("ceil_mode", int64(r.IntN(2))))
		switch op {
		case "AveragePool":
			c.node.Attrs = append(c.node.Attrs, graph.IntAttr("count_include_pad", int64(r.IntN(2))))
		case "LpPool":
			c.node.Attrs = append(c.node.Attrs, graph.IntAttr("p", int64(r.between(1, 3))))
		}
	case "GlobalAveragePool", "GlobalMaxPool":
		c.in = []*Tensor{r.tensor(odd, slices.Concat(r.sizes(2, 0, 5), r.sizes(axes, 1, 2+scale))...)}
	case "MatMul":
		stack, m, k, n := r.sizes(r.IntN(3), 0, 3), r.between(0, 2*scale), r.between(0, 40*scale), r.between(0, 2*scale)
		c.in = []*Tensor{r.tensor(odd, slices.Concat(stack, []int{m, k})...), r.tensor(odd, slices.Concat(stack, []int{k, n})...)}
	case "Gemm":
		a, b, n := []int{r.between(0, 2*scale), r.between(0, 40*scale)}, []int{0, r.between(0, 2*scale)}, 0
		b[0], n = a[1], b[1]
		transA, transB := r.IntN(2), r.IntN(2)
		if transA == 1 {
			slices.Reverse(a)
		}
		if transB == 1 {
			slices.Reverse(b)
		}
		c.node.Attrs = []*graph.Attr{graph.IntAttr("transA", int64(transA)), graph.IntAttr("transB", int64(transB)), graph.FloatAttr("beta", 0.5)}
		c.in = []*Tensor{r.tensor(odd, a...), r.tensor(odd, b...), r.tensor(odd, n)}
	case "Einsum":
		size := map[rune]int{}
		shape := func(labels string) (s []int) {
			for _, l := range labels {
				if _, known := size[l]; !known {
					size[l] = r.between(0, 1+scale/2)
				}
				s = append(s, size[l])
			}
			return s
		}
		e := [][2]string{{"bij,bjk->bik", "bij bjk"}, {"ij,kj->ki", "ij kj"}, {"bhqd,bkhd->bhqk", "bhqd bkhd"}, {"i,j->ji", "i j"}, {"ijk,kji->", "ijk kji"},
			{"ii,i->i", "ii i"}, {"ij,ij->ij", "ij ij"}, {"ij,jk->k", "ij jk"}, {"abc,cbd->da", "abc cbd"}}[r.IntN(9)]
		var left, right string
		fmt.Sscan(e[1], &left, &right)
		c.node.Attrs = []*graph.Attr{graph.StringAttr("equation", e[0])}
		c.in = []*Tensor{r.tensor(odd, shape(left)...), r.tensor(odd, shape(right)...)}
	}
	return c
}

// sameBits compares bit by bit where products and sums are not joined into one rounding, as
// compilers for other processors than amd64 may do, and to 1e-12 of the largest number there.
func sameBits(got, want *Tensor) error {
	if !slices.Equal(got.Shape, want.Shape) || len(got.Floats) != len(want.Floats) {
		return fmt.Errorf("shape %v, want %v", got.Shape, want.Shape)
	}
	scale := 1.0
	for _, w := range want.Floats {
		if !math.IsInf(w, 0) {
			scale = max(scale, math.Abs(w))
		}
	}
	for i, w := range want.Floats {
		g := got.Floats[i]
		same := math.Float64bits(g) == math.Float64bits(w) || g != g && w != w
		if !same && (runtime.GOARCH == "amd64" || !(math.Abs(g-w) <= 1e-12*scale)) {
			return fmt.Errorf("element %d is %v, want %v", i, g, w)
		}
	}
	return nil
}

// TestBlocksEqualPlain holds operators that are computed in blocks against their plain forms,
// and against themselves on other numbers of goroutines.
func TestBlocksEqualPlain(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rounds := 300
	if testing.Short() {
		rounds = 60
	}
	for op, form := range plain {
		r, done := nodeSource{rand.New(rand.NewPCG(5, 6))}, 0
		for i := range rounds {
			scale := 4
			if i%10 == 0 {
				scale = 20 // so that blocks, and goroutines, are several
			}
			c := r.node(op, scale)
			out, err := compute(c)
			if err != nil { // of settings, which both read
				continue
			}
			done++
			label := fmt.Sprintf("%s of %v", op, c.in[0].Shape)
			for _, a := range c.node.Attrs {
				label += fmt.Sprintf(" %s=%v", a.Name, a.Value)
			}
			if err := sameBits(out[0], form(c)); err != nil {
				t.Fatalf("%s: %v", label, err)
			}
			if op == "MaxPool" && !slices.Equal(out[1].Ints, plainPlaces(c)) {
				t.Fatalf("%s: places %v, want %v", label, out[1].Ints, plainPlaces(c))
			}
			for _, procs := range []int{1, 3} {
				runtime.GOMAXPROCS(procs)
				again, err := compute(c)
				if err != nil || sameBits(again[0], out[0]) != nil {
					t.Fatalf("%s: other numbers on %d processors", label, procs)
				}
			}
		}
		if done < rounds/4 {
			t.Errorf("%s: only %d of %d nodes can be computed", op, done, rounds)
		}
	}
}
