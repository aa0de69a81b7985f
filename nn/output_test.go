package nn_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// clipped lets numbers pass between two bounds: a layer that nn does not know.
type clipped struct{ low, high float32 }

func (clipped) Kind() string { return "Clip" }
func (clipped) Stem() string { return "clip" }
func (c clipped) Bind(in []nn.Shape) (op.Op, error) {
	return clippedOp{c, in[0]}, nil
}

type clippedOp struct {
	c     clipped
	shape nn.Shape
}

func (o clippedOp) Shape() nn.Shape        { return o.shape }
func (o clippedOp) Params() []nn.ParamSpec { return nil }
func (o clippedOp) MACs() int              { return 0 }
func (o clippedOp) Forward(c *op.Call) {
	for i, v := range c.X[0].Data {
		c.Y.Data[i] = min(max(v, o.c.low), o.c.high)
	}
}
func (o clippedOp) Backward(c *op.Call) {
	copy(c.DX[0].Data, c.DY.Data)
}

// tails keep what probabilities mean, in any number.
var tails = map[string][]nn.Layer{
	"nothing":         nil,
	"flatten":         {layer.Flatten{}},
	"dropout":         {layer.Dropout{Rate: 0.5}},
	"linear":          {activation.Must("linear")},
	"relu":            {activation.Must("relu")},
	"leaky":           {activation.Must("leaky:0.1")},
	"prelu":           {activation.Must("prelu:one:0.3")},
	"clip to 1":       {activation.Must("relu6:1")},
	"clip below 1":    {activation.Must("relu6:0.95")},
	"clip":            {clipped{1e-7, 1 - 1e-7}},
	"global average":  {layer.GlobalAveragePool{}},
	"pool of 1 pixel": {layer.MaxPool{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}}},
	"pad of nothing":  {layer.Pad{}},
	"concat of one":   {layer.Concat{}},
	"many":            {layer.Dropout{Rate: 0.1}, activation.Must("relu6:1"), layer.Flatten{}, activation.Must("linear"), layer.Flatten{}},
}

// ended is a network of k outputs on (k, 1, 1) with an end.
func ended(t *testing.T, k int, end ...nn.Layer) *nn.Network {
	t.Helper()
	net := build(t, nn.Shape{3, 1, 1}, append([]nn.Layer{layer.Conv{Out: k, Kernel: [2]int{1, 1}}}, end...)...)
	randomize(net, 3)
	return net
}

func TestOutputIsFoundBehindLayersThatKeepIt(t *testing.T) {
	for name, tail := range tails {
		t.Run(name, func(t *testing.T) {
			for _, c := range []struct {
				end  nn.Layer
				k    int
				want nn.Output
				loss nn.Loss
			}{
				{layer.Softmax{}, 4, nn.OutputProbabilities, loss.CrossEntropy{}},
				{layer.Softmax{}, 1, nn.OutputSigmoids, loss.BCE{}},
				{activation.Must("sigmoid"), 4, nn.OutputSigmoids, loss.BCE{}},
				{activation.Must("sigmoid"), 1, nn.OutputSigmoids, loss.BCE{}},
				{activation.Must("hardsigmoid"), 2, nn.OutputSigmoids, loss.BCE{}},
			} {
				net := ended(t, c.k, append([]nn.Layer{c.end}, tail...)...)
				if o := net.Output(); o != c.want {
					t.Errorf("%s of %d: %v, want %v", c.end.Kind(), c.k, o, c.want)
				}
				if l := nn.LossFor(net); l.Name() != c.loss.Name() {
					t.Errorf("%s of %d: loss %s, want %s", c.end.Kind(), c.k, l.Name(), c.loss.Name())
				}
			}
			net := ended(t, 4, append([]nn.Layer{layer.Softmax{}}, tail...)...)
			logits := net.Logits()
			if o := logits.Output(); o != nn.OutputLogits {
				t.Errorf("the network without softmax gives %v", o)
			}
			if !logits.OutputShape().Equal(net.OutputShape()) {
				t.Errorf("without softmax the output is %v, was %v", logits.OutputShape(), net.OutputShape())
			}
			x := randomTensor(2, 5, 3, 1, 1)
			p, z := forward(t, net, x), forward(t, logits, x)
			for i := range 5 {
				softmaxOf(z.Sample(i))
				near(t, "softmax of the logits", p.Sample(i), z.Sample(i), 0.1)
			}
		})
	}
}

func TestOutputOfLogarithms(t *testing.T) {
	for name, tail := range map[string][]nn.Layer{"nothing": nil, "flatten": {layer.Flatten{}}, "dropout": {layer.Dropout{Rate: 0.5}, activation.Must("linear")}} {
		net := ended(t, 4, append([]nn.Layer{layer.LogSoftmax{}}, tail...)...)
		if o := net.Output(); o != nn.OutputLogProbabilities {
			t.Errorf("%s: %v", name, o)
		}
		if net.Logits() != net {
			t.Errorf("%s: log-probabilities are logits", name)
		}
		net = ended(t, 4, append([]nn.Layer{activation.Must("logsigmoid")}, tail...)...)
		if o := net.Output(); o != nn.OutputLogSigmoids {
			t.Errorf("%s: %v", name, o)
		}
		if o, l := net.Logits().Output(), nn.LossFor(net); o != nn.OutputLogits || l.Name() != "bce-logits" {
			t.Errorf("%s: %v, loss %s", name, o, l.Name())
		}
	}
}

// What changes numbers in another way ends what is known of them.
func TestOutputIsLogitsBehindOtherLayers(t *testing.T) {
	for _, tail := range [][]nn.Layer{
		{layer.Flatten{}, layer.Dense{Out: 4}},
		{activation.Must("tanh")},
		{activation.Must("thresholded-relu:0.5")},
		{activation.Must("relu6:1"), activation.Must("softplus")},
		{layer.BatchNorm{Eps: 1e-5}},
	} {
		for _, end := range []nn.Layer{layer.Softmax{}, activation.Must("sigmoid"), layer.LogSoftmax{}} {
			net := ended(t, 4, append([]nn.Layer{end}, tail...)...)
			if o := net.Output(); o != nn.OutputLogits {
				t.Errorf("%s, then %s: %v", end.Kind(), tail[len(tail)-1].Kind(), o)
			}
			if net.Logits() != net {
				t.Errorf("%s, then %s: something is taken away", end.Kind(), tail[len(tail)-1].Kind())
			}
		}
	}
	if o := ended(t, 4, layer.LogSoftmax{}, activation.Must("relu")).Output(); o != nn.OutputLogits {
		t.Errorf("relu of logarithms: %v", o)
	}
}

// A sum of probabilities is none, a product is; several side by side are each one by itself. A
// softmax
// over part of a sample is no distribution of classes.
func TestOutputOfBranches(t *testing.T) {
	for _, c := range []struct {
		a, b nn.Layer
		join nn.Layer
		want nn.Output
	}{
		{activation.Must("sigmoid"), activation.Must("sigmoid"), layer.Concat{}, nn.OutputSigmoids},
		{layer.Softmax{}, activation.Must("sigmoid"), layer.Concat{}, nn.OutputSigmoids},
		{activation.Must("sigmoid"), activation.Must("tanh"), layer.Concat{}, nn.OutputLogits},
		{layer.Softmax{}, layer.Softmax{}, layer.Add{}, nn.OutputLogits},
		{layer.Softmax{}, layer.Softmax{}, layer.Mul{}, nn.OutputSigmoids},
	} {
		net, err := nn.NewBuilder(nn.Shape{3}).Add("d", layer.Dense{Out: 2}).
			Add("a", c.a, "d").Add("b", c.b, "d").Add("join", c.join, "a", "b").Add("flatten", layer.Flatten{}).Build()
		if err != nil {
			t.Fatal(err)
		}
		if o := net.Output(); o != c.want {
			t.Errorf("%s of %s and %s: %v, want %v", c.join.Kind(), c.a.Kind(), c.b.Kind(), o, c.want)
		}
		if net.Logits() != net {
			t.Errorf("%s: something is taken away", c.join.Kind())
		}
	}
	if o := build(t, nn.Shape{2, 3, 3}, layer.Softmax{}, layer.Flatten{}).Output(); o != nn.OutputSigmoids {
		t.Errorf("a softmax at each pixel: %v", o)
	}
}

// A network of a softmax alone becomes one that does nothing.
func TestLogitsOfASoftmaxAlone(t *testing.T) {
	net := build(t, nn.Shape{4}, layer.Softmax{})
	x := randomTensor(1, 3, 4)
	near(t, "logits", forward(t, net.Logits(), x).Data, x.Data, 0)
	near(t, "logits", forward(t, build(t, nn.Shape{4, 1, 1}, layer.Softmax{}, layer.Flatten{}).Logits(), &nn.Tensor{Shape: []int{3, 4, 1, 1}, Data: x.Data}).Data, x.Data, 0)
}

func TestClassAndProbabilities(t *testing.T) {
	ln := func(v float64) float32 { return float32(math.Log(v)) }
	for _, c := range []struct {
		o     nn.Output
		loss  nn.Loss
		y     []float32
		class int
		p     []float32
	}{
		{nn.OutputLogits, loss.CrossEntropy{}, []float32{ln(1), ln(3)}, 1, []float32{0.25, 0.75}},
		{nn.OutputLogits, nil, []float32{ln(3), ln(1)}, 0, []float32{0.75, 0.25}},
		{nn.OutputLogits, loss.BCELogits{}, []float32{0, ln(3)}, 1, []float32{0.5, 0.75}},
		{nn.OutputLogits, loss.ClassWeighted{Loss: loss.BCELogits{}}, []float32{0, ln(3)}, 1, []float32{0.5, 0.75}},
		{nn.OutputLogits, loss.BCELogits{}, []float32{ln(3)}, 1, []float32{0.25, 0.75}},
		{nn.OutputLogits, loss.CrossEntropy{}, []float32{-ln(3)}, 0, []float32{0.75, 0.25}},
		{nn.OutputLogits, nil, []float32{0}, 0, []float32{0.5, 0.5}},
		{nn.OutputSigmoids, loss.BCE{}, []float32{0.25}, 0, []float32{0.75, 0.25}},
		{nn.OutputSigmoids, nil, []float32{0.75}, 1, []float32{0.25, 0.75}},
		{nn.OutputSigmoids, nil, []float32{0.1, 0.8, 0.7}, 1, []float32{0.1, 0.8, 0.7}},
		{nn.OutputProbabilities, loss.CrossEntropy{}, []float32{0.1, 0.9}, 1, []float32{0.1, 0.9}},
		{nn.OutputLogProbabilities, loss.CrossEntropy{}, []float32{ln(0.1), ln(0.9)}, 1, []float32{0.1, 0.9}},
		{nn.OutputLogSigmoids, nil, []float32{ln(0.4)}, 0, []float32{0.6, 0.4}},
		{nn.OutputLogSigmoids, nil, []float32{ln(0.6)}, 1, []float32{0.4, 0.6}},
	} {
		before := append([]float32(nil), c.y...)
		if got := c.o.Class(c.y); got != c.class {
			t.Errorf("%v %v: class %d, want %d", c.o, c.y, got, c.class)
		}
		near(t, c.o.String(), c.o.ClassProbabilities(c.loss, c.y), c.p, 1e-6)
		near(t, "what was given", c.y, before, 0)
	}
}

// What is not a number is of no class, and what is certain is of one.
func TestClassOfOutputsThatAreNotNumbers(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		y     []float32
		class int
	}{
		{[]float32{nan, 1, 2}, nn.NoClass},
		{[]float32{3, 1, nan}, nn.NoClass},
		{[]float32{1, inf, 2}, nn.NoClass},
		{[]float32{-inf, -inf}, nn.NoClass},
		{[]float32{-inf, 1, -inf}, 1},
		{[]float32{nan}, nn.NoClass},
		{[]float32{inf}, nn.NoClass},
		{[]float32{-inf}, 0},
		{[]float32{math.MaxFloat32, 0}, 0},
		{[]float32{-math.MaxFloat32, -inf}, 0},
	} {
		if got := nn.OutputLogits.Class(c.y); got != c.class {
			t.Errorf("%v: class %d, want %d", c.y, got, c.class)
		}
	}
}

// What is asked of a layer that many paths lead to is asked once.
func TestOutputOfManyPaths(t *testing.T) {
	b := nn.NewBuilder(nn.Shape{1}).Add("d", activation.Must("sigmoid"))
	last := "d"
	for i := range 16 {
		for _, name := range []string{"a", "b"} {
			b.Add(name+string(rune('a'+i)), activation.Must("relu"), last)
		}
		next := "j" + string(rune('a'+i))
		b.Add(next, layer.Concat{}, "a"+string(rune('a'+i)), "b"+string(rune('a'+i)))
		last = next
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if o := net.Output(); o != nn.OutputSigmoids {
		t.Errorf("%v", o)
	}
	layers := []nn.Layer{layer.Softmax{}}
	for range 200 {
		layers = append(layers, layer.Flatten{})
	}
	if o := build(t, nn.Shape{4}, layers...).Output(); o != nn.OutputProbabilities {
		t.Errorf("behind 200 layers: %v", o)
	}
}

func TestLogitsTakesAFinalSoftmaxAway(t *testing.T) {
	net := build(t, nn.Shape{4}, layer.Dense{Out: 3}, layer.Softmax{})
	randomize(net, 1)
	logits := net.Logits()
	if n := len(logits.Nodes()); n != 1 || logits.Nodes()[0].Name != "dense" {
		t.Fatalf("%d layers, want dense alone", n)
	}
	x := randomTensor(2, 5, 4)
	p, z := forward(t, net, x), forward(t, logits, x)
	for i := range 5 {
		softmaxOf(z.Sample(i))
	}
	near(t, "softmax of the logits", p.Data, z.Data, 1e-7)
	logits.Params()[0].Data[0] = 99
	if net.Params()[0].Data[0] == 99 {
		t.Error("the network without Softmax shares values with the one it came from")
	}
	if again := logits.Logits(); again != logits {
		t.Error("a network without Softmax is not returned as it is")
	}
}

func softmaxOf(z []float32) {
	var sum float64
	for _, v := range z {
		sum += math.Exp(float64(v))
	}
	for k, v := range z {
		z[k] = float32(math.Exp(float64(v)) / sum)
	}
}
