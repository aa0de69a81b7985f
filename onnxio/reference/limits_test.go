package reference_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// A node that would take more memory than the limit is not begun, whatever the operator.
func TestLimitOfMemory(t *testing.T) {
	ints := func(name string, v ...int64) *graph.Tensor { return graph.Int64Tensor(name, []int64{int64(len(v))}, v) }
	scalar := func(name string, v int64) *graph.Tensor { return graph.Int64Tensor(name, nil, []int64{v}) }
	floats := func(name string, v ...float64) *graph.Tensor {
		c, err := graph.FromFloat64s(name, graph.Float, []int64{int64(len(v))}, v)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	maps := []int{1, 1, 2, 2}
	for name, c := range map[string]struct {
		shape  []int
		node   *graph.Node
		consts []*graph.Tensor
	}{
		"Pad":             {[]int{2, 3}, node("Pad", "x p", "y"), []*graph.Tensor{ints("p", 0, 0, 4000, 4000)}},
		"Pad of axes":     {[]int{2, 3}, &graph.Node{OpType: "Pad", Inputs: []string{"x", "p", "", "a"}, Outputs: []string{"y"}}, []*graph.Tensor{ints("p", 0, 1<<23), ints("a", 1)}},
		"OneHot":          {[]int{2, 3}, node("OneHot", "x d v", "y"), []*graph.Tensor{scalar("d", 1<<22), floats("v", 0, 1)}},
		"Range":           {[]int{2, 3}, node("Range", "a b c", "y"), []*graph.Tensor{scalar("a", 0), scalar("b", 1<<24), scalar("c", 1)}},
		"Einsum":          {[]int{200, 200}, node("Einsum", "x x", "y", graph.StringAttr("equation", "ab,cd->abcd")), nil},
		"Einsum, summed":  {[]int{200, 200}, node("Einsum", "x x", "y", graph.StringAttr("equation", "ab,cd->")), nil},
		"Expand":          {[]int{1, 4000}, node("Expand", "x p", "y"), []*graph.Tensor{ints("p", 4000, 1)}},
		"Tile":            {[]int{2, 3}, node("Tile", "x p", "y"), []*graph.Tensor{ints("p", 4000, 4000)}},
		"ConstantOfShape": {[]int{2, 3}, node("ConstantOfShape", "p", "y"), []*graph.Tensor{ints("p", 4000, 4000)}},
		"Resize":          {maps, &graph.Node{OpType: "Resize", Inputs: []string{"x", "", "", "p"}, Outputs: []string{"y"}}, []*graph.Tensor{ints("p", 1, 1, 4000, 4000)}},
		"Gather":          {[]int{4, 4000}, node("Gather", "x p", "y"), []*graph.Tensor{graph.Int64Tensor("p", []int64{3000}, make([]int64, 3000))}},
		"Conv of pads":    {maps, node("Conv", "x k", "y", graph.IntsAttr("pads", 2000, 2000, 2000, 2000)), []*graph.Tensor{graph.Int64Tensor("k", []int64{1, 1, 1, 1}, []int64{1})}},
		"ConvTranspose":   {maps, node("ConvTranspose", "x k", "y", graph.IntsAttr("strides", 4000, 4000)), []*graph.Tensor{graph.Int64Tensor("k", []int64{1, 1, 1, 1}, []int64{1})}},
		"outer product":   {[]int{4000, 1}, node("MatMul", "x r", "y"), []*graph.Tensor{graph.Int64Tensor("r", []int64{1, 4000}, make([]int64, 4000))}},
		"three broadcast": {[]int{200, 1, 1}, node("Sum", "x b c", "y"), []*graph.Tensor{graph.Int64Tensor("b", []int64{1, 300, 1}, make([]int64, 300)), graph.Int64Tensor("c", []int64{1, 1, 300}, make([]int64, 300))}},
		"HannWindow":      {[]int{2, 3}, node("HannWindow", "s", "y"), []*graph.Tensor{scalar("s", 1<<24)}},
	} {
		m := &graph.Model{IRVersion: 9, Opsets: []graph.Opset{{Version: 18}}, Graph: &graph.Graph{
			Inputs: []*graph.Value{{Name: "x", Type: graph.Float}}, Outputs: []*graph.Value{{Name: "y"}},
			Nodes: []*graph.Node{c.node}, Initializers: c.consts,
		}}
		e, err := reference.New(m)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		x := reference.FromFloat32s(c.shape, make([]float32, reference.Product(c.shape)))
		var err2 error
		e = e.Within(context.Background(), reference.Limits{Memory: 8 << 20, Operations: 1e12})
		took := allocated(func() { _, err2 = e.Run(map[string]*reference.Tensor{"x": x}) })
		var limit *reference.LimitError
		if !errors.As(err2, &limit) || limit.Resource != reference.Memory || !strings.Contains(limit.Node, c.node.OpType) || took > 1<<20 {
			t.Errorf("%s: error %v after %d bytes", name, err2, took)
		}
	}
}

// What is no longer needed does not count.
func TestLimitCountsWhatIsHeld(t *testing.T) {
	x := reference.FromFloat32s([]int{1000}, make([]float32, 1000))
	chain := func(sum string) *graph.Model {
		m := &graph.Model{IRVersion: 9, Opsets: []graph.Opset{{Version: 18}}, Graph: &graph.Graph{
			Inputs: []*graph.Value{{Name: "x", Type: graph.Float}}, Outputs: values("y"),
			Nodes: []*graph.Node{node("Exp", "x", "a"), node("Exp", "a", "b"), node("Exp", "b", "c"), node("Exp", "c", "d"), node("Sum", sum, "y")},
		}}
		m.Graph.Outputs[0].HasShape = false
		return m
	}
	for sum, ok := range map[string]bool{"d": true, "x a b c d": false} {
		e, err := reference.New(chain(sum))
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Within(context.Background(), reference.Limits{Memory: 45_000}).Run(map[string]*reference.Tensor{"x": x})
		if ok != (err == nil) || !ok && !errors.As(err, new(*reference.LimitError)) {
			t.Errorf("sum of %s: %v", sum, err)
		}
	}
}

// Operations are those of a sample, up to the largest number that there is.
func TestLimitsForSamples(t *testing.T) {
	for _, test := range []struct {
		operations int64
		samples    int
		want       int64
	}{
		{0, 3, 3 * reference.DefaultLimits.Operations}, {7, 0, 7}, {7, 1, 7}, {7, 100, 700}, {1 << 62, 100, math.MaxInt64 / 100 * 100},
	} {
		l := reference.Limits{Operations: test.operations}.ForSamples(test.samples)
		if l.Operations != test.want || l.Memory != reference.DefaultLimits.Memory {
			t.Errorf("%d operations for each of %d samples: %+v, want %d", test.operations, test.samples, l, test.want)
		}
	}
}
