package reference

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// plainElement are functions of elements that loops over slices compute.
var plainElement = map[string]func(a, b float64) float64{
	"Add": add[float64], "Sub": sub[float64], "Mul": mul[float64], "Div": div[float64], "Max": maximum[float64], "Min": minimum[float64],
	"PRelu": func(a, b float64) float64 {
		if a < 0 {
			return a * b
		}
		return a
	},
	"Relu": func(a, _ float64) float64 {
		if a < 0 {
			return 0
		}
		return a
	},
	"LeakyRelu": func(a, _ float64) float64 {
		if a < 0 {
			return float64(float32(0.01)) * a
		}
		return a
	},
}

// TestLargeElementwise computes elements enough for several goroutines, with a second input
// that broadcasts.
func TestLargeElementwise(t *testing.T) {
	r := nodeSource{rand.New(rand.NewPCG(7, 8))}
	x, channels := r.tensor(true, 3, 7, 41, 53), r.tensor(true, 7, 1, 1)
	for op, f := range plainElement {
		c := &call{node: &graph.Node{OpType: op, Outputs: []string{"y"}}, opset: 22, in: []*Tensor{x}}
		if op != "Relu" && op != "LeakyRelu" {
			c.in = append(c.in, channels)
		}
		out, err := compute(c)
		if err != nil {
			t.Fatal(err)
		}
		want := must(newTensor(graph.Float, x.Shape...))
		for i, v := range x.Floats {
			want.Floats[i] = f(v, channels.Floats[i/(41*53)%7])
		}
		if err := sameBits(out[0], want); err != nil {
			t.Errorf("%s: %v", op, err)
		}
	}
}

// TestLargeViews changes the order of axes and repeats elements, in pieces for several
// goroutines.
func TestLargeViews(t *testing.T) {
	r := nodeSource{rand.New(rand.NewPCG(9, 10))}
	for range 30 {
		axes := r.between(1, 5)
		x := r.tensor(false, r.sizes(axes, 1, 9)...)
		shape, by := []int{r.between(1, 40)}, []int{0} // the first axis repeats x
		for _, axis := range r.Perm(axes) {
			n, step := x.Shape[axis], strides(x.Shape)[axis]
			shape, by = append(shape, n), append(by, step)
		}
		got := must(x.view(shape, by, 0))
		want := x.pick(shape, must(positions(shape, by, 0)))
		if err := sameBits(got, want); err != nil {
			t.Fatalf("%v in steps of %v: %v", shape, by, err)
		}
	}
}

// TestLargeLines holds what works on whole channels or lines against the same on one sample
// at a time.
func TestLargeLines(t *testing.T) {
	r := nodeSource{rand.New(rand.NewPCG(11, 12))}
	x := r.tensor(true, 40, 6, 23, 29)
	vector := func() *Tensor { return r.tensor(false, 6) }
	norm := []*Tensor{nil, vector(), vector(), vector(), must(newTensor(graph.Float, 6))}
	for _, c := range []*call{
		{node: &graph.Node{OpType: "BatchNormalization"}, in: norm},
		{node: &graph.Node{OpType: "Softmax", Attrs: []*graph.Attr{graph.IntAttr("axis", 1)}}, in: []*Tensor{nil}},
		{node: &graph.Node{OpType: "LogSoftmax"}, in: []*Tensor{nil}},
		{node: &graph.Node{OpType: "ReduceMean"}, in: []*Tensor{nil, FromInt64s(graph.Int64, []int{2}, []int64{1, 3})}},
		{node: &graph.Node{OpType: "ReduceMax"}, in: []*Tensor{nil, FromInt64s(graph.Int64, []int{2}, []int64{2, 3})}},
		{node: &graph.Node{OpType: "GlobalLpPool"}, in: []*Tensor{nil}},
	} {
		c.opset, c.node.Outputs = 22, []string{"y"}
		run := func(x *Tensor) *Tensor {
			c.in[0] = x
			return must(compute(c))[0]
		}
		whole := run(x)
		n, size := len(x.Floats)/40, len(whole.Floats)/40
		for i := range 40 {
			part := run(FromFloat64s(x.Type, []int{1, 6, 23, 29}, x.Floats[i*n:][:n]))
			if err := sameBits(FromFloat64s(x.Type, part.Shape, whole.Floats[i*size:][:size]), part); err != nil {
				t.Fatal(fmt.Errorf("%s, sample %d: %w", c.node.OpType, i, err))
			}
		}
	}
}
