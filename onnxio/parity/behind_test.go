package parity_test

import (
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// Where the reference computes something behind the last layer, this is not accused: it gives what
// was recorded for it.
func TestMoreBehindTheLastLayer(t *testing.T) {
	for _, named := range []bool{true, false} {
		for kind, f := range map[string]func(y []float32){
			"": func(y []float32) {
				for i, v := range y {
					y[i] = 3*v + 1
				}
			},
			"softmax-missing": func(y []float32) {
				sum := 0.0
				for _, v := range y {
					sum += math.Exp(float64(v))
				}
				for i, v := range y {
					y[i] = float32(math.Exp(float64(v)) / sum)
				}
			},
		} {
			m, r := cube(t)
			y := nn.NewTensor(2, 5)
			copy(y.Data, r.Expected["dense"].Data)
			for i := range 2 {
				f(y.Sample(i))
			}
			r.Expected[m.Imported.Output] = y
			if named {
				r.Expected["end"] = y
			}
			got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
			if got.FirstWrong == nil || got.FirstWrong.Own != "" || got.FirstWrong.Behind != "dense" {
				t.Errorf("%s, named %v: first wrong %+v", kind, named, got.FirstWrong)
			}
			for _, l := range got.Layers {
				if l.Verdict != parity.Equal {
					t.Errorf("%s, named %v: %s is %s", kind, named, l.Layer, l.Verdict)
				}
			}
			switch {
			case kind == "" && (got.Cause != nil || !strings.Contains(got.Answer, "computes more behind dense")):
				t.Errorf("named %v: cause %+v: %s", named, got.Cause, got.Answer)
			case kind != "" && (got.Cause == nil || got.Cause.Kind != kind || got.Cause.Layer == "dense"):
				t.Errorf("%s, named %v: cause %+v: %s", kind, named, got.Cause, got.Answer)
			}
		}
	}
}

// A concatenation in another order, and another function at the end, are named for what they are.
func TestOrderOfConcatAndEnds(t *testing.T) {
	network := func(order []string, end nn.Layer) *nn.Network {
		conv := layer.Conv{Out: 4, Kernel: [2]int{3, 3}}
		net, err := nn.NewBuilder(nil).Input("input", nn.Shape{3, 8, 8}).Add("a", conv, "input").Add("b", conv, "input").Add("c", conv, "input").
			Add("cat", layer.Concat{}, order...).Add("act", activation.Must("mish"), "cat").Add("flat", layer.Flatten{}, "act").Add("fc", layer.Dense{Out: 5}, "flat").Add("end", end, "fc").Build()
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.PyTorchInit, 3)
		return net
	}
	abc := []string{"a", "b", "c"}
	for _, c := range []struct {
		reference, port  *nn.Network
		layer, kind, say string
	}{
		{network(abc, layer.Softmax{}), network([]string{"c", "a", "b"}, layer.Softmax{}), "cat", "concat-order", "it should be a, b, c"},
		{network(abc, layer.Softmax{}), network(abc, layer.LogSoftmax{}), "end", "softmax-other", ": softmax should be there"},
		{network(abc, layer.LogSoftmax{}), network(abc, layer.Softmax{}), "end", "softmax-other", ": log-softmax should be there"},
	} {
		_, r := recordedLayers(t, c.reference)
		m, err := parity.ModelOf(c.port)
		if err != nil {
			t.Fatal(err)
		}
		for _, alone := range []bool{false, true} {
			r.Expected[m.Imported.Output] = r.Expected["end"]
			if alone {
				r.Expected, r.Order = map[string]*nn.Tensor{m.Imported.Output: r.Expected["end"]}, nil
			}
			got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
			if got.Cause == nil || got.Cause.Kind != c.kind || !strings.Contains(got.Cause.Text, c.say) || got.FirstWrong.Own != c.layer {
				t.Errorf("%s alone %v: first wrong %+v, cause %+v", c.kind, alone, got.FirstWrong, got.Cause)
			}
		}
	}
}
