package engine_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// script is a model written as lines "out = Op(in, in) attribute=value …", from x (N, 6) to y.
// Values of k outputs come from the first line, z = MatMul(x, w).
func script(t *testing.T, k int, lines ...string) *graph.Model {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 5))
	w := make([]float64, 6*k)
	for i := range w {
		w[i] = 2*rng.Float64() - 1
	}
	weights, err := graph.FromFloat64s("w", graph.Float, []int64{6, int64(k)}, w)
	if err != nil {
		t.Fatal(err)
	}
	g := &graph.Graph{
		Inputs:  []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 6}}}},
		Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
		Nodes:   []*graph.Node{{OpType: "MatMul", Inputs: []string{"x", "w"}, Outputs: []string{"z"}}},
		Initializers: []*graph.Tensor{weights,
			graph.Int64Tensor("k11", []int64{4}, []int64{0, int64(k), 1, 1}), graph.Int64Tensor("flat", []int64{2}, []int64{0, -1}),
			graph.Int64Tensor("axis1", []int64{1}, []int64{1}), graph.Int64Tensor("axes23", []int64{2}, []int64{2, 3}), graph.Int64Tensor("zero_i", []int64{1}, []int64{0}),
			graph.Int64Tensor("one_i", []int64{1}, []int64{1}), graph.Int64Tensor("two_i", []int64{1}, []int64{2}),
			graph.Int64Tensor("no_pads", []int64{4}, make([]int64, 4)), {Name: "always", Type: graph.Bool, Dims: []int64{1}, Raw: []byte{1}},
		},
	}
	for name, v := range map[string]float64{"zero": 0, "one": 1, "low": 1e-7, "high": 1 - 1e-7, "tenth": 0.1, "most": 0.9, "two": 2, "half": 0.5, "sixth": 1. / 6} {
		c, err := graph.FromFloat64s(name, graph.Float, nil, []float64{v})
		if err != nil {
			t.Fatal(err)
		}
		g.Initializers = append(g.Initializers, c)
	}
	for _, line := range lines {
		out, call, ok := strings.Cut(line, " = ")
		op, rest, _ := strings.Cut(call, "(")
		in, attrs, _ := strings.Cut(rest, ")")
		if !ok {
			t.Fatalf("line %q", line)
		}
		n := &graph.Node{OpType: op, Inputs: strings.Split(in, ", "), Outputs: strings.Split(out, ", ")}
		for _, a := range strings.Fields(attrs) {
			name, value, _ := strings.Cut(a, "=")
			v := []int64{}
			for _, digit := range strings.Split(value, ",") {
				n := int64(0)
				for _, d := range strings.TrimPrefix(digit, "-") {
					n = 10*n + int64(d-'0')
				}
				if strings.HasPrefix(digit, "-") {
					n = -n
				}
				v = append(v, n)
			}
			if name == "perm" {
				n.Attrs = append(n.Attrs, graph.IntsAttr(name, v...))
			} else {
				n.Attrs = append(n.Attrs, graph.IntAttr(name, v[0]))
			}
		}
		g.Nodes = append(g.Nodes, n)
	}
	return &graph.Model{IRVersion: 8, Opsets: []graph.Opset{{Version: 17}}, Graph: g}
}

// foreignTails keep a probability p what it is, as far as k values of each sample go.
var foreignTails = map[string][]string{
	"Identity":   {"y = Identity(p)"},
	"Flatten":    {"y = Flatten(p)"},
	"Reshape":    {"q = Reshape(p, k11)", "y = Reshape(q, flat)"},
	"Unsqueeze":  {"y = Unsqueeze(p, axes23)"},
	"Squeeze":    {"q = Unsqueeze(p, axes23)", "y = Squeeze(q, axes23)"},
	"Transpose":  {"q = Unsqueeze(p, axes23)", "y = Transpose(q) perm=0,2,3,1"},
	"Dropout":    {"y = Dropout(p)"},
	"Cast":       {"q = Cast(p) to=11", "y = Cast(q) to=1"},
	"half":       {"q = Cast(p) to=10", "y = Cast(q) to=1"},
	"Clip":       {"y = Clip(p, zero, one)"},
	"Clip eps":   {"y = Clip(p, low, high)"},
	"Clip more":  {"y = Clip(p, tenth, most)"},
	"Min, Max":   {"q = Min(p, one)", "y = Max(zero, q)"},
	"Relu":       {"y = Relu(p)"},
	"one Concat": {"y = Concat(p) axis=1"},
	"times 1":    {"y = Mul(p, one)"},
	"1 times":    {"q = Mul(one, p)", "y = Add(q, zero)"},
	"Where":      {"y = Where(always, p, zero)"},
	"Pad of 0":   {"q = Pad(p, no_pads)", "y = Div(q, one)"},
	"mean of 1":  {"q = Unsqueeze(p, axes23)", "y = GlobalAveragePool(q)"},
	"many":       {"q = Dropout(p)", "r = Unsqueeze(q, axes23)", "s = Clip(r, zero, one)", "t = Flatten(s)", "y = Identity(t)"},
}

// expect runs a model in both ways and holds the classifier's probabilities against what the
// model gives.
func expect(t *testing.T, m *graph.Model, o nn.Output, toProbability func(float64) float64) {
	t.Helper()
	c, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := c.End.Output(); got != o {
		t.Errorf("it gives %v, want %v", got, o)
	}
	x := nn.NewTensor(5, 6)
	rng := rand.New(rand.NewPCG(9, 9))
	for i := range x.Data {
		x.Data[i] = 3 * float32(rng.NormFloat64())
	}
	outputs, err := c.Outputs(samplesOf(t, x), 1)
	if err != nil {
		t.Fatal(err)
	}
	y, err := c.End.Predict(outputs, 1)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := open(t, engine.Reference{}, m).Run(map[string]*nn.Tensor{"x": x})
	if err != nil {
		t.Fatal(err)
	}
	want := raw["y"]
	k := len(want.Data) / 5
	for i := range 5 {
		p := c.End.Output().ClassProbabilities(nn.LossFor(c.End), y.Sample(i))
		if k == 1 {
			p = p[1:]
		}
		for j, got := range p {
			if w := toProbability(float64(want.Data[i*k+j])); math.Abs(float64(got)-w) > 1e-6 {
				t.Fatalf("sample %d: %v, the model gives %v", i, p, want.Data[i*k:(i+1)*k])
			}
		}
	}
}

func same(v float64) float64 { return v }

func TestMeaningOfForeignModels(t *testing.T) {
	heads := map[string]struct {
		k    int
		head []string
		want nn.Output
	}{
		"softmax":              {4, []string{"p = Softmax(z) axis=1"}, nn.OutputProbabilities},
		"softmax, last axis":   {4, []string{"p = Softmax(z)"}, nn.OutputProbabilities},
		"softmax of 4 axes":    {4, []string{"a = Unsqueeze(z, axes23)", "b = Softmax(a) axis=1", "p = Flatten(b)"}, nn.OutputProbabilities},
		"softmax of channels":  {4, []string{"a = Unsqueeze(z, axis1)", "b = Softmax(a) axis=-1", "p = Squeeze(b, axis1)"}, nn.OutputProbabilities},
		"softmax, written out": {4, []string{"a = ReduceMax(z) keepdims=1", "b = Sub(z, a)", "c = Exp(b)", "d = ReduceSum(c, axis1)", "p = Div(c, d)"}, nn.OutputProbabilities},
		"exp of logsoftmax":    {4, []string{"a = LogSoftmax(z) axis=1", "p = Exp(a)"}, nn.OutputProbabilities},
		"softmax of one":       {1, []string{"p = Softmax(z) axis=1"}, nn.OutputSigmoids},
		"sigmoid":              {4, []string{"p = Sigmoid(z)"}, nn.OutputSigmoids},
		"one sigmoid":          {1, []string{"p = Sigmoid(z)"}, nn.OutputSigmoids},
		"sigmoid, written out": {3, []string{"a = Neg(z)", "b = Exp(a)", "c = Add(b, one)", "p = Div(one, c)"}, nn.OutputSigmoids},
		"mean of sigmoids":     {3, []string{"a = Sigmoid(z)", "b = Neg(z)", "c = Exp(b)", "d = Sigmoid(c)", "e = Add(a, d)", "p = Mul(e, half)"}, nn.OutputSigmoids},
		"one less a sigmoid":   {1, []string{"a = Sigmoid(z)", "b = Exp(z)", "c = Sigmoid(b)", "d = Mul(a, c)", "p = Sub(one, d)"}, nn.OutputSigmoids},
		"two heads":            {2, []string{"a = Sigmoid(z)", "b = Softmax(z) axis=1", "p = Concat(a, b) axis=1"}, nn.OutputSigmoids},
		"sigmoid by a tanh":    {3, []string{"a = Mul(z, half)", "b = Tanh(a)", "c = Mul(b, half)", "p = Add(c, half)"}, nn.OutputSigmoids},
		"one, by a tanh":       {1, []string{"a = Mul(z, half)", "b = Tanh(a)", "c = Mul(half, b)", "p = Add(half, c)"}, nn.OutputSigmoids},
		"tanh of half":         {3, []string{"b = Tanh(z)", "c = Add(b, one)", "p = Div(c, two)"}, nn.OutputSigmoids},
		"sigmoid, exponential": {3, []string{"a = Exp(z)", "b = Add(a, one)", "p = Div(a, b)"}, nn.OutputSigmoids},
		"sigmoid of a class":   {3, []string{"a = Exp(z)", "b = Add(a, one)", "p = Reciprocal(b)"}, nn.OutputSigmoids},
		"exp of logsigmoid":    {3, []string{"a = Neg(z)", "b = Softplus(a)", "c = Neg(b)", "p = Exp(c)"}, nn.OutputSigmoids},
		"hard, written out":    {3, []string{"a = Mul(z, sixth)", "b = Add(a, half)", "p = Clip(b, zero, one)"}, nn.OutputSigmoids},
		"part of a softmax":    {4, []string{"a = Softmax(z) axis=1", "p = Slice(a, one_i, two_i, axis1)"}, nn.OutputSigmoids},
	}
	for name, h := range heads {
		for tail, lines := range foreignTails {
			if name == "two heads" && tail == "Reshape" || name == "part of a softmax" && tail == "Reshape" {
				continue // the sizes are others
			}
			t.Run(name+", "+tail, func(t *testing.T) {
				expect(t, script(t, h.k, append(h.head, lines...)...), h.want, same)
			})
		}
	}
}

func TestMeaningOfLogarithms(t *testing.T) {
	for name, lines := range map[string][]string{
		"logsoftmax":     {"y = LogSoftmax(z) axis=1"},
		"log of softmax": {"a = Softmax(z) axis=1", "y = Log(a)"},
		"behind others":  {"a = LogSoftmax(z) axis=1", "b = Identity(a)", "c = Unsqueeze(b, axes23)", "y = Flatten(c)"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, script(t, 4, lines...), nn.OutputLogProbabilities, math.Exp) })
	}
	expect(t, script(t, 3, "a = Sigmoid(z)", "y = Log(a)"), nn.OutputLogSigmoids, math.Exp)
	expect(t, script(t, 1, "a = Neg(z)", "b = Softplus(a)", "y = Neg(b)"), nn.OutputLogSigmoids, math.Exp)
}

// What changes numbers, or a softmax over the samples, gives logits.
func TestMeaningOfOthersIsLogits(t *testing.T) {
	for name, lines := range map[string][]string{
		"matrix product":       {"y = Identity(z)"},
		"twice a softmax":      {"p = Softmax(z) axis=1", "y = Mul(p, two)"},
		"twice a sigmoid":      {"p = Sigmoid(z)", "y = Mul(p, two)"},
		"sum of sigmoids":      {"p = Sigmoid(z)", "y = Add(p, p)"},
		"softmax over samples": {"a = Transpose(z) perm=1,0", "b = Softmax(a) axis=1", "c = Transpose(b) perm=1,0", "y = Mul(c, two)"},
		"tanh":                 {"y = Tanh(z)"},
		"swish":                {"p = Sigmoid(z)", "y = Mul(p, z)"},
		"half a tanh":          {"a = Tanh(z)", "y = Mul(a, half)"},
		"tanh of a sigmoid":    {"p = Sigmoid(z)", "y = Tanh(p)"},
		"mean of logarithms":   {"a = LogSoftmax(z) axis=1", "b = Unsqueeze(a, axis1)", "y = Mul(b, half)"},
		"relu":                 {"y = Relu(z)"},
	} {
		c, err := engine.NewClassifier(engine.Reference{}, script(t, 4, lines...), engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if o := c.End.Output(); o != nn.OutputLogits {
			t.Errorf("%s: %v", name, o)
		}
	}
}

// A mean over the pixels of their distributions is one, other pools of probabilities give
// probabilities each by itself.
func TestMeaningOfPools(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  nn.Output
	}{
		"mean":            {[]string{"a = Reshape(z, maps)", "b = Softmax(a) axis=1", "c = GlobalAveragePool(b)", "y = Flatten(c)"}, nn.OutputProbabilities},
		"mean, times 1":   {[]string{"a = Reshape(z, maps)", "b = Softmax(a) axis=1", "c = GlobalAveragePool(b)", "d = Mul(c, one)", "y = Flatten(d)"}, nn.OutputProbabilities},
		"mean of one":     {[]string{"a = Reshape(z, maps)", "b = Sigmoid(a)", "c = GlobalAveragePool(b)", "y = Flatten(c)"}, nn.OutputSigmoids},
		"largest":         {[]string{"a = Reshape(z, maps)", "b = Softmax(a) axis=1", "c = GlobalMaxPool(b)", "y = Flatten(c)"}, nn.OutputSigmoids},
		"of each pixel":   {[]string{"a = Reshape(z, maps)", "b = Softmax(a) axis=1", "c = Mul(b, one)", "y = Flatten(c)"}, nn.OutputSigmoids},
		"of logits":       {[]string{"a = Reshape(z, maps)", "c = GlobalAveragePool(a)", "y = Flatten(c)"}, nn.OutputLogits},
		"mean by a tanh":  {[]string{"a = Reshape(z, maps)", "b = Mul(a, half)", "c = Tanh(b)", "d = Mul(c, half)", "e = Add(d, half)", "f = GlobalAveragePool(e)", "y = Flatten(f)"}, nn.OutputSigmoids},
		"written, pixels": {[]string{"a = Reshape(z, maps)", "b = Exp(a)", "c = ReduceSum(b, axis1)", "d = Div(b, c)", "y = Flatten(d)"}, nn.OutputSigmoids},
	} {
		m := script(t, 12, c.lines...)
		m.Graph.Initializers = append(m.Graph.Initializers, graph.Int64Tensor("maps", []int64{4}, []int64{0, 3, 2, 2}))
		classifier, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if o := classifier.End.Output(); o != c.want {
			t.Errorf("%s: %v, want %v", name, o, c.want)
		}
	}
}

// Nodes that lack the inputs that their operators have, and outputs that no node gives, are
// errors.
func TestMeaningOfBrokenNodes(t *testing.T) {
	for name, end := range map[string][]*graph.Node{
		"no inputs": {{OpType: "Identity", Outputs: []string{"y"}}},
		"left out":  {{OpType: "Dropout", Inputs: []string{""}, Outputs: []string{"y"}}},
		"unnamed":   {{OpType: "Identity", Inputs: []string{"z"}, Outputs: []string{""}}, {OpType: "Identity", Inputs: []string{""}, Outputs: []string{"y"}}},
		"strings":   {{OpType: "Cast", Inputs: []string{"z"}, Outputs: []string{"y"}, Attrs: []*graph.Attr{graph.IntAttr("to", int64(graph.String))}}},
	} {
		for _, declared := range []bool{false, true} {
			m := script(t, 3)
			m.Graph.Nodes = append(m.Graph.Nodes, end...)
			if declared {
				m.Graph.Outputs[0].HasShape, m.Graph.Outputs[0].Shape = true, []graph.Dim{{Param: "N"}, {Size: 3}}
			}
			c, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{})
			if err == nil {
				_, err = c.Outputs(samplesOf(t, nn.NewTensor(1, 6)), 1)
			}
			if err == nil {
				t.Errorf("%s, declared %v: no error", name, declared)
			}
			engine.Try(m)
		}
	}
}

// Large samples of a file are not made up to see what it means.
func TestMeaningOfLargeSamples(t *testing.T) {
	m := script(t, 3, "y = Softmax(z) axis=1")
	m.Graph.Inputs[0].Shape = []graph.Dim{{Size: 4}, {Size: 1}, {Size: 1 << 12}, {Size: 1 << 12}}
	m.Graph.Outputs[0].HasShape, m.Graph.Outputs[0].Shape = true, []graph.Dim{{Size: 4}, {Size: 3}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := engine.NewClassifier(engine.Reference{}, m, engine.Options{})
	runtime.ReadMemStats(&after)
	if err != nil || c.End.Output() != nn.OutputProbabilities {
		t.Errorf("%v", err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("it allocates %d MB", took>>20)
	}
}
