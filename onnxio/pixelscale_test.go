package onnxio

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Whether a model scales pixels itself is the same for the network and for its graph.
func TestPixelScale(t *testing.T) {
	one := func(name string, v ...float32) *graph.Tensor {
		if len(v) == 1 {
			return graph.Float32Tensor(name, nil, v)
		}
		return graph.Float32Tensor(name, []int64{1, int64(len(v)), 1, 1}, v)
	}
	inits := []*graph.Tensor{one("255", 255), one("1/127.5", 1/127.5), one("1", 1), one("2", 2), one("half", 0.5), one("mean", 123.675, 116.28, 103.53), one("std", 58.3, 57.1, 57.2),
		one("small", 0.485, 0.456, 0.406), one("dev", 58.3/255., 57.1/255., 57.2/255.), one("scale", 1/58.3, 1/57.1, 1/57.2), tensor("w", 2, 3, 3, 3),
		graph.Float32Tensor("g", []int64{3}, []float32{1, 1, 1}), graph.Float32Tensor("b", []int64{3}, []float32{0, 0, 0}),
		graph.Float32Tensor("m", []int64{3}, []float32{120, 110, 100}), graph.Float32Tensor("v", []int64{3}, []float32{3600, 3600, 3600}),
		graph.Float32Tensor("unit", []int64{3}, []float32{0.05, 0.06, 0.07}),
	}
	rest := node("Conv", "h w", "y")
	for name, c := range map[string]struct {
		nodes []*graph.Node
		want  string // "" if it takes pixels from 0 to 1
	}{
		"x/255":              {[]*graph.Node{node("Div", "x 255", "h"), rest}, "x/255"},
		"x/127.5 − 1":        {[]*graph.Node{node("Mul", "x 1/127.5", "a"), node("Sub", "a 1", "h"), rest}, "x/127.5 − 1"},
		"mean and deviation": {[]*graph.Node{node("Sub", "x mean", "a"), node("Div", "a std", "h"), rest}, "(x − 123.7, 116.3, 103.5)/(58.3, 57.1, 57.2)"},
		"1/255 and then mean and deviation": {[]*graph.Node{node("Div", "x 255", "a"), node("Sub", "a small", "b1"), node("Div", "b1 dev", "h"), rest},
			"(x − 123.7, 116.3, 103.5)/(58.3, 57.1, 57.2)"},
		"one mean, many deviations": {[]*graph.Node{node("Mul", "x scale", "a"), node("Sub", "a 2", "h"), rest}, "(x − 116.6, 114.2, 114.4)/(58.3, 57.1, 57.2)"},
		"behind a pad and a cast":   {[]*graph.Node{node("Cast", "x", "c", graph.IntAttr("to", 1)), node("Div", "c 255", "h"), rest}, "x/255"},
		"a normalisation of bytes":  {[]*graph.Node{node("BatchNormalization", "x g b m v", "h"), rest}, "(x − 120, 110, 100)/(60, 60, 60)"},

		"nothing":                     {[]*graph.Node{node("Conv", "x w", "y")}, ""},
		"2·x − 1":                     {[]*graph.Node{node("Mul", "x 2", "a"), node("Sub", "a 1", "h"), rest}, ""},
		"mean and deviation of 0…1":   {[]*graph.Node{node("Sub", "x small", "a"), node("Div", "a dev", "h"), rest}, ""},
		"a normalisation of 0…1":      {[]*graph.Node{node("BatchNormalization", "x g b b unit", "h"), rest}, ""},
		"behind a convolution":        {[]*graph.Node{node("Conv", "x w", "h"), node("Relu", "h", "r"), node("Div", "r 255", "y")}, ""},
		"beside the input as it came": {[]*graph.Node{node("Div", "x 255", "a"), node("Add", "x a", "h"), rest}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := model(nn.Shape{3, 4, 5}, inits, c.nodes...)
			p, ok := PixelScale(imports(t, m).Network)
			if ok != (c.want != "") || ok && p.String() != c.want {
				t.Errorf("of the network: %v, %v; want %q", p, ok, c.want)
			}
			if name == "a normalisation of bytes" {
				return // a graph is not asked for its normalisations: they train
			}
			p, ok = GraphPixelScale(m)
			if ok != (c.want != "") || ok && p.String() != c.want {
				t.Errorf("of the graph: %v, %v; want %q", p, ok, c.want)
			}
		})
	}
	// Bytes that are cast have no trainable form.
	m := model(nn.Shape{3, 4, 5}, inits, node("Cast", "x", "c", graph.IntAttr("to", 1)), node("Transpose", "c", "t", graph.IntsAttr("perm", 0, 3, 1, 2)), node("Div", "t 255", "h"), node("Sin", "h", "y"))
	m.Graph.Inputs[0].Type = graph.Uint8
	if p, ok := GraphPixelScale(m); !ok || p.String() != "x/255" {
		t.Errorf("of bytes: %v, %v", p, ok)
	}
}

// What a chain of nodes costs grows with its length, not with the square of it.
func TestPixelScaleOfALongChain(t *testing.T) {
	bytes := func(count int) float64 {
		nodes, last := []*graph.Node{}, "x"
		for i := range count {
			next := fmt.Sprint("v", i)
			nodes, last = append(nodes, node("Cast", last+" ", next, graph.IntAttr("to", int64(10+i%2)))), next
		}
		m := model(nn.Shape{1, 2, 2}, []*graph.Tensor{graph.Float32Tensor("255", nil, []float32{255})}, append(nodes, node("Div", last+" 255", "h"), node("Sin", "h", "y"))...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, ok := GraphPixelScale(m)
		runtime.ReadMemStats(&after)
		if !ok || p.String() != "x/255" {
			t.Errorf("%d nodes: %v, %v", count, p, ok)
		}
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	if small, large := bytes(500), bytes(2000); large > 8*small {
		t.Errorf("500 nodes take %v bytes, 2000 take %v", small, large)
	}
}
