package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestActivations(t *testing.T) {
	x := vec(-2, -0.25, 0, 1, 3, math.Inf(1), math.NaN())
	inf, nan := math.Inf(1), math.NaN()
	e := math.Exp
	tenth := float64(float32(0.1)) // as an attribute holds it
	a := attrs(graph.FloatAttr("alpha", 0.1))
	sig := func(x float64) float64 { return 1 / (1 + e(-x)) }
	mish := func(x float64) float64 { return x * math.Tanh(math.Log(1+e(x))) }
	phi := func(x float64) float64 { return x * 0.5 * (1 + math.Erf(x/math.Sqrt2)) }
	tanhGelu := func(x float64) float64 {
		return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
	}
	checkNodes(t,
		nodeCase{op: "Relu", in: all(x), want: all(vec(0, 0, 0, 1, 3, inf, nan))},
		nodeCase{op: "Relu", opset: 14, in: all(whole(graph.Int8, []int{2}, -5, 7)), want: all(whole(graph.Int8, []int{2}, 0, 7))},
		nodeCase{op: "LeakyRelu", in: all(x), attrs: a, want: all(vec(-2*tenth, -0.25*tenth, 0, 1, 3, inf, nan))},
		nodeCase{op: "LeakyRelu", opset: 1, in: all(vec(-1)), want: all(vec(-float64(float32(0.01))))},
		nodeCase{op: "Elu", in: all(x), attrs: a, want: all(vec(tenth*(e(-2)-1), tenth*(e(-0.25)-1), 0, 1, 3, inf, nan))},
		nodeCase{op: "Selu", in: all(vec(-1, 2)), want: all(vec(1.67326319217681884765625*1.05070102214813232421875*(e(-1)-1), 2*1.05070102214813232421875))},
		nodeCase{op: "Selu", opset: 1, in: all(vec(2)), want: all(vec(2 * float64(float32(1.0507))))},
		nodeCase{op: "Celu", in: all(vec(-2, 2)), attrs: attrs(graph.FloatAttr("alpha", 2)), want: all(vec(2*(e(-1)-1), 2))},
		nodeCase{op: "Gelu", in: all(vec(-2, 0, 1.5)), want: all(vec(phi(-2), 0, phi(1.5)))},
		nodeCase{op: "Gelu", in: all(vec(-2, 1.5)), attrs: attrs(graph.StringAttr("approximate", "tanh")), want: all(vec(tanhGelu(-2), tanhGelu(1.5)))},
		nodeCase{op: "Sigmoid", in: all(x), want: all(vec(sig(-2), sig(-0.25), 0.5, sig(1), sig(3), 1, nan))},
		nodeCase{op: "Sigmoid", in: all(vec(-1000, 1000)), want: all(vec(0, 1))},
		nodeCase{op: "Tanh", in: all(vec(-1, 0, inf)), want: all(vec(math.Tanh(-1), 0, 1))},
		nodeCase{op: "HardSigmoid", in: all(vec(-5, 0, 1, 5)), attrs: attrs(graph.FloatAttr("alpha", 0.25)), want: all(vec(0, 0.5, 0.75, 1))},
		nodeCase{op: "HardSwish", in: all(vec(-4, -3, 0, 1.5, 4)), want: all(vec(0, 0, 0, 1.125, 4))},
		nodeCase{op: "Softplus", in: all(vec(-1000, 0, 1, 1000)), want: all(vec(0, math.Ln2, math.Log(1+e(1)), 1000))},
		nodeCase{op: "Softsign", in: all(vec(-3, 1)), want: all(vec(-0.75, 0.5))},
		nodeCase{op: "Mish", in: all(vec(-2, 0, 3, 1000)), want: all(vec(mish(-2), 0, mish(3), 1000))},
		nodeCase{op: "Swish", opset: 24, in: all(vec(-2, 3)), attrs: attrs(graph.FloatAttr("alpha", 0.5)), want: all(vec(-2*sig(-1), 3*sig(1.5)))},
		nodeCase{op: "SwiGLU", opset: 28, in: all(vec(-2, 3), vec(10, 100)), attrs: attrs(graph.FloatAttr("alpha", 0.5)), want: all(vec(-20*sig(-1), 300*sig(1.5)))},
		nodeCase{op: "SwiGLU", opset: 28, in: all(vec(-2, 3), vec(10)), err: "must be the same"},
		nodeCase{op: "ThresholdedRelu", in: all(vec(-2, 1, 1.5)), want: all(vec(0, 0, 1.5))},
		nodeCase{op: "Shrink", in: all(vec(-2, -0.5, 0.25, 2)), attrs: attrs(graph.FloatAttr("bias", 1)), want: all(vec(-1, 0, 0, 1))},
		nodeCase{op: "Shrink", in: all(whole(graph.Int32, []int{3}, -3, 0, 2)), attrs: attrs(graph.FloatAttr("bias", 1)), want: all(whole(graph.Int32, []int{3}, -2, 0, 1))},
	)
	checkNodes(t,
		nodeCase{op: "Relu", err: "input 0 is missing"},
		nodeCase{op: "Relu", in: all(whole(graph.Bool, []int{1}, 1)), err: "BOOL"},
		nodeCase{op: "Elu", in: all(whole(graph.Int8, []int{1}, 1)), err: "INT8"},
		nodeCase{op: "Elu", in: all(x), attrs: attrs(graph.IntAttr("alpha", 1)), err: "\"alpha\" is of kind INT"},
		nodeCase{op: "Gelu", in: all(x), attrs: attrs(graph.StringAttr("approximate", "erf")), err: "approximate"},
		nodeCase{op: "Shrink", in: all(whole(graph.Bool, []int{1}, 1)), err: "BOOL"},
	)
}

func TestPRelu(t *testing.T) {
	x := arr([]int{1, 2, 2}, -1, -1, -1, 1)
	checkNodes(t,
		nodeCase{op: "PRelu", in: all(x, vec(2, 3)), want: all(arr([]int{1, 2, 2}, -2, -3, -2, 1))},
		nodeCase{op: "PRelu", opset: 6, in: all(x, vec(2, 3)), want: all(arr([]int{1, 2, 2}, -2, -2, -3, 1))},
		nodeCase{op: "PRelu", opset: 1, in: all(x, vec(2)), want: all(arr([]int{1, 2, 2}, -2, -2, -2, 1))},
		nodeCase{op: "PRelu", opset: 6, in: all(arr([]int{1, 2}, -1, -1), vec(2, 3)), want: all(arr([]int{1, 2}, -2, -3))},
		nodeCase{op: "PRelu", in: all(x, arr([]int{2, 1}, 2, 3)), want: all(arr([]int{1, 2, 2}, -2, -2, -3, 1))},
		nodeCase{op: "PRelu", in: all(x, arr(nil, 5)), want: all(arr([]int{1, 2, 2}, -5, -5, -5, 1))},
		nodeCase{op: "PRelu", in: all(vec(math.Inf(-1)), vec(0)), want: all(vec(math.NaN()))},
		nodeCase{op: "PRelu", in: all(whole(graph.Int32, []int{2}, -1<<30, 4), whole(graph.Int32, []int{1}, 4)), want: all(whole(graph.Int32, []int{2}, 0, 4))},
		nodeCase{op: "PRelu", in: all(whole(graph.Uint64, []int{1}, -1), whole(graph.Uint64, []int{1}, 4)), want: all(whole(graph.Uint64, []int{1}, -1))},
		nodeCase{op: "PRelu", in: all(x, vec(1, 2, 3)), err: "shape [3] does not broadcast to [1 2 2]"},
		nodeCase{op: "PRelu", in: all(vec(1), arr([]int{2}, 1)), err: "does not broadcast"},
		nodeCase{op: "PRelu", in: all(x, whole(graph.Int32, []int{1}, 1)), err: "the slope has element type INT32"},
		nodeCase{op: "PRelu", in: all(whole(graph.Bool, nil, 1), whole(graph.Bool, nil, 1)), err: "BOOL"},
	)
}

func TestSoftmax(t *testing.T) {
	ln := math.Log
	x := arr([]int{1, 2, 2}, 0, ln(3), ln(2), ln(2))
	shape := []int{1, 2, 2}
	axis := func(a int64) []*graph.Attr { return attrs(graph.IntAttr("axis", a)) }
	checkNodes(t,
		nodeCase{op: "Softmax", in: all(x), want: all(arr(shape, 0.25, 0.75, 0.5, 0.5))},
		nodeCase{op: "Softmax", in: all(x), attrs: axis(1), want: all(arr(shape, 1./3, 0.6, 2./3, 0.4))},
		nodeCase{op: "Softmax", opset: 11, in: all(x), want: all(arr(shape, 0.125, 0.375, 0.25, 0.25))},
		nodeCase{op: "Softmax", opset: 11, in: all(x), attrs: axis(-1), want: all(arr(shape, 0.25, 0.75, 0.5, 0.5))},
		nodeCase{op: "Softmax", in: all(vec(1e4, 1e4)), want: all(vec(0.5, 0.5))},
		nodeCase{op: "Softmax", in: all(arr(nil, 7)), want: all(arr(nil, 1))},
		nodeCase{op: "Softmax", in: all(arr([]int{0, 3})), want: all(arr([]int{0, 3}))},
		nodeCase{op: "Softmax", in: all(arr([]int{3, 0})), want: all(arr([]int{3, 0}))},
		nodeCase{op: "LogSoftmax", in: all(x), want: all(arr(shape, ln(0.25), ln(0.75), -ln(2), -ln(2)))},
		nodeCase{op: "LogSoftmax", in: all(vec(0, 1e4)), want: all(vec(-1e4, 0))},
		nodeCase{op: "Hardmax", in: all(arr([]int{2, 3}, 1, 2, 2, 0, -1, -1)), want: all(arr([]int{2, 3}, 0, 1, 0, 1, 0, 0))},
		nodeCase{op: "Softmax", in: all(x), attrs: axis(3), err: "axis 3 does not exist"},
		nodeCase{op: "Softmax", in: all(whole(graph.Int32, []int{1}, 1)), err: "INT32"},
	)
}

func TestDropout(t *testing.T) {
	x := vec(1, 2)
	yes := whole(graph.Bool, nil, 1)
	checkNodes(t,
		nodeCase{op: "Dropout", in: all(x), want: all(x, whole(graph.Bool, []int{2}, 1, 1))},
		nodeCase{op: "Dropout", opset: 7, in: all(x), want: all(x, vec(1, 1))},
		nodeCase{op: "Dropout", in: all(x, arr(nil, 0), yes), want: all(x)},
		nodeCase{op: "Dropout", in: all(x, arr(nil, 0.5), yes), err: "random dropout is not evaluated"},
	)
}
