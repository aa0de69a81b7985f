package engine_test

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// through is a model that gives Σ over the last axis of its input, with the given sizes: 0
// is N, and below 0 it is not known.
func through(sizes ...int64) *graph.Model {
	in := &graph.Value{Name: "x", Type: graph.Float, HasShape: true}
	for _, s := range sizes {
		d := graph.Dim{Size: s}
		if s == 0 {
			d.Param = "N"
		}
		in.Shape = append(in.Shape, d)
	}
	return &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 16}}, Graph: &graph.Graph{
		Inputs: []*graph.Value{in},
		Nodes: []*graph.Node{{OpType: "ReduceMean", Inputs: []string{"x"}, Outputs: []string{"y"},
			Attrs: []*graph.Attr{{Name: "axes", Value: []int64{-1}}, {Name: "keepdims", Value: int64(0)}}}},
		Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
	}}
}

// The layout is that of the input's shape unless it is given, and samples are (C, H, W).
func TestClassifierFindsTheLayout(t *testing.T) {
	for _, tc := range []struct {
		sizes  []int64
		layout string
		nhwc   bool
		shape  nn.Shape
	}{
		{[]int64{0, 3, 8, 7}, "", false, nn.Shape{3, 8, 7}},
		{[]int64{0, 8, 7, 3}, "", true, nn.Shape{3, 8, 7}},
		{[]int64{0, 8, 7, 1}, "", true, nn.Shape{1, 8, 7}},
		{[]int64{0, 1, 7, 3}, "", false, nn.Shape{1, 7, 3}},
		{[]int64{0, 1, 7, 3}, "nhwc", true, nn.Shape{3, 1, 7}},
		{[]int64{0, 8, 7, 3}, "nchw", false, nn.Shape{8, 7, 3}},
		{[]int64{0, 8, 7, 4}, "", false, nn.Shape{8, 7, 4}},
		{[]int64{0, 5, 3}, "", false, nn.Shape{5, 3}},
	} {
		c, err := engine.NewClassifier(engine.Reference{}, through(tc.sizes...), engine.Options{Layout: tc.layout})
		if err != nil {
			t.Errorf("%v: %v", tc, err)
			continue
		}
		if !c.Shape.Equal(tc.shape) || (c.Order != nil) != tc.nhwc {
			t.Errorf("%v: shape %v, order %v", tc, c.Shape, c.Order)
		}
	}
}

// The size of the output is seen by running once where the file does not declare it.
func TestClassifierSizesOfOutputs(t *testing.T) {
	m := through(0, 4, 5, 3)
	c, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.End.InputShape().Size(); got != 20 {
		t.Errorf("%d outputs, want 20", got)
	}
	m.Graph.Outputs[0].HasShape = true
	m.Graph.Outputs[0].Shape = []graph.Dim{{Param: "N"}, {Size: 4}, {Size: 4}}
	if c, err = engine.NewClassifier(engine.Reference{}, m, engine.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Outputs(samplesOf(t, nn.NewTensor(2, 3, 4, 5)), 0); err == nil || !strings.Contains(err.Error(), "has samples of shape (4, 5), the file says that they have 16 values") {
		t.Errorf("a declared shape that is not so: %v", err)
	}
}

func TestClassifierErrors(t *testing.T) {
	two := through(0, 4)
	two.Graph.Inputs = append(two.Graph.Inputs, &graph.Value{Name: "z", Type: graph.Float})
	rankless := through(0, 4)
	rankless.Graph.Inputs[0].HasShape = false
	for name, tc := range map[string]struct {
		m      *graph.Model
		layout string
		want   string
	}{
		"inputs":  {two, "", "this one has 2 and 1"},
		"layout":  {through(0, 4), "chw", `unknown layout "chw"`},
		"axes":    {through(0, 4), "nhwc", "it has 2 axes, and layout nhwc is about four"},
		"unknown": {through(0, -1, 5), "", "the file does not say its shape, nor that of the input"},
		"rank":    {rankless, "", "the file does not say its shape, nor that of the input"},
		"huge":    {through(0, 1<<20, 1<<20, 1<<20), "", "samples of shape (N, 1048576, 1048576, 1048576) have more than the 16777216 elements that are read"},
		"batch":   {through(16, 1, 1<<12, 1<<12), "", "the file fixes a batch of 16 samples, which have more than the 67108864 elements that are read"},
		"large":   {through(1, 1, 1<<14, 1<<14), "", "have more than the 16777216 elements that are read"},
		"claim":   {through(0, 1<<40), "", "the file does not say its shape, nor that of the input"},
	} {
		if _, err := engine.NewClassifier(engine.Reference{}, tc.m, engine.Options{Layout: tc.layout}); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, tc.want)
		}
	}
}
