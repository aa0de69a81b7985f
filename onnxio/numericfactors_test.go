package onnxio

import (
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
)

// doubledGelu is what is left of a gelu when its ½ is taken into the next layer, from x to y.
const doubledGelu = "d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); y = Mul(x, p)"

// An activation times a factor is read as the activation and the factor.
func TestMultiplesOfActivations(t *testing.T) {
	for _, c := range []struct {
		writtenCase
		factor float32
	}{
		{writtenCase{"gelu", doubledGelu, "gelu"}, 2},
		{writtenCase{"gelu with 1/√2", "d = Mul(0.70710677, x); e = Erf(d); p = Add(1.0, e); y = Mul(p, x)", "gelu"}, 2},
		{writtenCase{"gelu, multiplied out", "d = Mul(x, 0.70710677); e = Erf(d); t = Mul(x, e); y = Add(x, t)", "gelu"}, 2},
		{writtenCase{"gelu, negated", "d = Div(x, -1.4142135); e = Erf(d); p = Sub(e, 1.0); y = Mul(x, p)", "gelu"}, -2},
		{writtenCase{"gelu with another factor", "d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); h = Mul(x, 0.3); y = Mul(h, p)", "gelu"}, 0.6},
		{writtenCase{"gelu-tanh", "c = Pow(x, 3.0); k = Mul(0.044715, c); a = Add(x, k); u = Mul(0.7978846, a); t = Tanh(u); p = Add(t, 1.0); y = Mul(x, p)", "gelu-tanh"}, 2},
		{writtenCase{"hardswish", "a = Add(x, 3.0); c = Clip(a, 0.0, 6.0); y = Mul(x, c)", "hardswish"}, 6},
		{writtenCase{"hardswish, its third left", "a = Add(x, 3.0); c = Clip(a, 0.0, 6.0); h = Mul(x, 0.5); y = Mul(h, c)", "hardswish"}, 3},
		{writtenCase{"swish", "e = Exp(x); o = Add(e, 1.0); h = Mul(x, 4.0); q = Mul(h, e); y = Div(q, o)", "swish"}, 4},
		{writtenCase{"swish by tanh", "h = Mul(x, 0.5); t = Tanh(h); p = Add(t, 1.0); y = Mul(x, p)", "swish"}, 2},
		{writtenCase{"swish with a β", "h = Mul(x, 1.25); t = Tanh(h); p = Add(t, 1.0); y = Mul(x, p)", "swish:2.5"}, 2},
		{writtenCase{"mish", "s = Softplus(x); t = Tanh(s); h = Mul(x, -0.7); y = Mul(h, t)", "mish"}, -0.7},
		{writtenCase{"softplus", "a = Abs(x); n = Neg(a); e = Exp(n); o = Add(e, 1.0); l = Log(o); r = Relu(x); k = Add(l, l); m = Add(r, r); y = Add(k, m)", "softplus"}, 2},
		{writtenCase{"softsign", "a = Abs(x); p = Add(a, 1.0); h = Mul(x, 3.0); y = Div(h, p)", "softsign"}, 3},
		{writtenCase{"relu", "a = Abs(x); y = Add(x, a)", "relu"}, 2},
		{writtenCase{"relu, negated", "m = Neg(x); y = Min(m, 0.0)", "relu"}, -1},
		{writtenCase{"tanh", "a = Exp(x); m = Neg(x); b = Exp(m); u = Sub(b, a); v = Add(a, b); y = Div(u, v)", "tanh"}, -1},
		{writtenCase{"behind another", "t = LeakyRelu<alpha = 0.5>(x); d = Div(t, 1.4142135); e = Erf(d); p = Add(e, 1.0); y = Mul(t, p)", "leaky:0.5 gelu"}, 2},
		{writtenCase{"and a factor behind it", strings.Replace(doubledGelu, "y =", "m =", 1) + "; y = Mul(m, 0.75)", "gelu"}, 1.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := written(c.text)
			im := imports(t, m)
			if got, want := activationsOf(im.Network), c.want+" Rescaling"; got != want {
				t.Fatalf("read as %s, want %s", got, want)
			}
			if p := im.Network.Params(); len(p) != 1 || !slices.Equal(p[0].Data, []float32{c.factor}) {
				t.Errorf("the factor is %v, want %g", p[0].Data, c.factor)
			}
			computesTheSame(t, m, im)
		})
	}
}

// Factors of each channel are those of a Rescaling, too.
func TestMultiplesForEachChannel(t *testing.T) {
	m, v := written("d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); h = Mul(x, alpha); y = Mul(h, p)")
	im := imports(t, m)
	if got, want := describe(im.Network), "act=gelu(2, 3, 4) rescaling=Rescaling{Scale:channel Offset:element NoScale:false NoOffset:true}(2, 3, 4)"; got != want {
		t.Errorf("read as %s, want %s", got, want)
	}
	if p := im.Network.Params()[0]; !slices.Equal(p.Data, elementwise.Map(v, func(x float32) float32 { return 2 * x })) {
		t.Errorf("the factors are %v, want twice %v", p.Data, v)
	}
	computesTheSame(t, m, im)
}

// What has no factor, or is two layers as it stands, is not read as a multiple.
func TestNoMultiples(t *testing.T) {
	for _, c := range []writtenCase{
		{"a sum with itself", "h = Tanh(x); y = Add(h, h)", "tanh Add"},
		{"a factor behind", "h = Tanh(x); y = Mul(h, 2.0)", "tanh Rescaling"},
		{"a shift behind", "h = Sigmoid(x); y = Sub(h, 0.5)", "sigmoid Rescaling"},
		{"a factor in front", "h = Mul(x, 2.0); y = Tanh(h)", "Rescaling tanh"},
		{"half a gelu and x", "d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.5); y = Mul(x, p)", ""},
		{"a gelu with 1.42", "d = Div(x, 1.42); e = Erf(d); p = Add(e, 1.0); y = Mul(x, p)", ""},
		{"a gelu and a little", "d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.00001); y = Mul(x, p)", ""},
		{"next to gelu", "d = Div(x, 1.4142135); e = Erf(d); p = Add(e, 1.0); h = Mul(x, 0.500005); q = Sin(x); s = Mul(q, 0.00001); g = Mul(h, p); y = Add(g, s)", ""},
		{"an error function", "e = Erf(x); y = Mul(e, 2.0)", ""},
		{"twice on one side", "p = Mul(x, 2.0); q = Greater(x, 0.0); y = Where(q, p, x)", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := written(c.text)
			if c.want == "" {
				refuses(t, m, "cannot be read as layers")
				return
			}
			im := imports(t, m)
			if got := activationsOf(im.Network); got != c.want {
				t.Errorf("read as %s, want %s", got, c.want)
			}
			computesTheSame(t, m, im)
		})
	}
}

// behindDoubledGelu is a model of a gelu without its ½ on maps (4, 5, 5), and what reads it.
func behindDoubledGelu(inits []*graph.Tensor, nodes ...*graph.Node) *graph.Model {
	inits = append(inits, graph.Float32Tensor("r", nil, []float32{1.4142135}), graph.Float32Tensor("o", nil, []float32{1}))
	return model(nn.Shape{4, 5, 5}, inits, append([]*graph.Node{
		node("Div", "x r", "d"), node("Erf", "d", "e"), node("Add", "e o", "p"), node("Mul", "x p", "g"),
	}, nodes...)...)
}

// The factor goes into the weights of the layers behind the activation, and nothing else
// changes.
func TestFactorsGoIntoWeights(t *testing.T) {
	conv := func(in, out, weight string) *graph.Node { return node("Conv", in+" "+weight+" b", out) }
	for _, c := range []struct {
		name string
		m    *graph.Model
		want string
	}{
		{"a convolution", behindDoubledGelu([]*graph.Tensor{tensor("w", 3, 4, 3, 3), tensor("b", 3)}, conv("g", "y", "w")), "gelu Conv"},
		{"groups", behindDoubledGelu([]*graph.Tensor{tensor("w", 4, 1, 3, 3), tensor("b", 4)},
			node("Conv", "g w b", "y", graph.IntAttr("group", 4), graph.IntsAttr("pads", 1, 1, 1, 1))), "gelu Conv"},
		{"a transposed one", behindDoubledGelu([]*graph.Tensor{tensor("w", 4, 3, 3, 3), tensor("b", 3)}, node("ConvTranspose", "g w b", "y")), "gelu ConvTranspose"},
		{"two", behindDoubledGelu([]*graph.Tensor{tensor("w", 3, 4, 3, 3), tensor("v", 3, 4, 3, 3), tensor("b", 3)},
			conv("g", "s", "w"), conv("g", "t", "v"), node("Add", "s t", "y")), "gelu Conv Conv Add"},
		{"two of one weight", behindDoubledGelu([]*graph.Tensor{tensor("w", 3, 4, 3, 3), tensor("b", 3)},
			conv("g", "s", "w"), conv("g", "t", "w"), node("Add", "s t", "y")), "gelu Conv Conv Add"},
	} {
		t.Run(c.name, func(t *testing.T) {
			im := imports(t, c.m)
			if got := activationsOf(im.Network); got != c.want {
				t.Fatalf("read as %s, want %s", got, c.want)
			}
			for _, p := range im.Network.Params() {
				want := pattern(len(p.Data))
				if strings.HasSuffix(p.FullName(), ".weight") {
					want = elementwise.Map(want, func(v float32) float32 { return 2 * v })
				}
				if !slices.Equal(p.Data, want) {
					t.Errorf("%s is %v, want %v", p.FullName(), p.Data, want)
				}
			}
			if !slices.ContainsFunc(im.Notes, func(n string) bool {
				return strings.Contains(n, "the factor 2 behind layer act is part of its weights")
			}) {
				t.Errorf("notes %q", im.Notes)
			}
			sameAsEvaluator(t, c.m, im)
		})
	}
}

// A dense layer takes the factor whichever way its weight lies.
func TestFactorsGoIntoDenseLayers(t *testing.T) {
	for _, n := range []*graph.Node{
		node("Gemm", "g w b", "y", graph.IntAttr("transB", 1)), node("Gemm", "g w b", "y"), node("MatMul", "g w", "y"),
	} {
		m := behindDoubledGelu([]*graph.Tensor{tensor("w", 4, 4), tensor("b", 4)}, n)
		m.Graph.Inputs[0] = batchOf("x", nn.Shape{4})
		im := imports(t, m)
		if got := activationsOf(im.Network); got != "gelu Dense" {
			t.Errorf("%s: read as %s", n.OpType, got)
		}
		sameAsEvaluator(t, m, im)
	}
}

// Where something else reads the activation, the factor is a layer.
func TestFactorsThatStay(t *testing.T) {
	w, b := tensor("w", 4, 4, 1, 1), tensor("b", 4)
	for want, m := range map[string]*graph.Model{
		"gelu Rescaling Conv Add":     behindDoubledGelu([]*graph.Tensor{w, b}, node("Conv", "g w b", "c"), node("Add", "c g", "y")),
		"gelu Rescaling MaxPool Conv": behindDoubledGelu([]*graph.Tensor{w, b}, node("MaxPool", "g", "q", graph.IntsAttr("kernel_shape", 2, 2)), node("Conv", "q w b", "y")),
		"gelu Rescaling BatchNorm":    behindDoubledGelu([]*graph.Tensor{b, graph.Float32Tensor("v", []int64{4}, []float32{1, 2, 3, 4})}, node("BatchNormalization", "g b b b v", "y")),
	} {
		im := imports(t, m)
		if got := activationsOf(im.Network); got != want {
			t.Errorf("read as %s, want %s", got, want)
		}
		sameAsEvaluator(t, m, im)
	}
}
