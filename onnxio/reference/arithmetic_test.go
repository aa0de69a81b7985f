package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

func TestArithmetic(t *testing.T) {
	column, row := arr([]int{2, 1}, 10, 20), vec(1, 2, 3)
	checkNodes(t,
		nodeCase{op: "Add", in: all(column, row), want: all(arr([]int{2, 3}, 11, 12, 13, 21, 22, 23))},
		nodeCase{op: "Sub", in: all(row, arr(nil, 1)), want: all(vec(0, 1, 2))},
		nodeCase{op: "Mul", in: all(arr([]int{0, 1}), row), want: all(arr([]int{0, 3}))},
		nodeCase{op: "Div", in: all(vec(1, -1, 0), vec(0, 0, 0)), want: all(vec(inf, -inf, nan))},
		// Integers go around at the ends of their type, and lose their fraction toward zero.
		nodeCase{op: "Add", in: all(whole(graph.Int8, []int{2}, 127, -128), whole(graph.Int8, []int{2}, 1, -1)), want: all(whole(graph.Int8, []int{2}, -128, 127))},
		nodeCase{op: "Sub", in: all(whole(graph.Uint16, []int{1}, 0), whole(graph.Uint16, []int{1}, 1)), want: all(whole(graph.Uint16, []int{1}, 65535))},
		nodeCase{op: "Mul", in: all(i64(1<<62), i64(4)), want: all(i64(0))},
		nodeCase{op: "Div", in: all(i64(7, -7, 7, -7, math.MinInt64), i64(2, 2, -2, -2, -1)), want: all(i64(3, -3, -3, 3, math.MinInt64))},
		nodeCase{op: "Div", in: all(whole(graph.Uint64, []int{1}, -2), whole(graph.Uint64, []int{1}, 2)), want: all(whole(graph.Uint64, []int{1}, math.MaxInt64))},
		nodeCase{op: "Div", in: all(i64(1), i64(0)), err: "divided by zero"},
		nodeCase{op: "Add", in: all(column, i64(1)), err: "have types FLOAT and INT64"},
		nodeCase{op: "Add", in: all(vec(1, 2), row), err: "do not broadcast"},
		nodeCase{op: "Add", in: all(row), err: "input 1 is missing"},
		nodeCase{op: "Add", in: all(text("a"), text("b")), err: "type STRING"},
		nodeCase{op: "Add", in: all(yes(1), yes(1)), err: "type BOOL"},
	)
}

// Before opset 7 the second input broadcast only when an attribute said so, at an axis.
func TestOldBroadcast(t *testing.T) {
	x := steps(2, 3, 2)
	on := graph.IntAttr("broadcast", 1)
	checkNodes(t,
		nodeCase{op: "Add", opset: 6, in: all(x, vec(10, 20, 30)), attrs: attrs(on, graph.IntAttr("axis", 1)),
			want: all(arr([]int{2, 3, 2}, 10, 11, 22, 23, 34, 35, 16, 17, 28, 29, 40, 41))},
		nodeCase{op: "Sub", opset: 1, in: all(x, vec(0, 1)), attrs: attrs(on), want: all(arr([]int{2, 3, 2}, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10))},
		nodeCase{op: "Less", opset: 1, in: all(vec(1, 2), arr(nil, 2)), attrs: attrs(on), want: all(yes(1, 0))},
		nodeCase{op: "Add", opset: 6, in: all(x, vec(0, 1)), err: "attribute broadcast is not 1"},
		nodeCase{op: "Add", opset: 6, in: all(x, vec(0, 1)), attrs: attrs(on, graph.IntAttr("axis", 1)), err: "does not broadcast"},
		nodeCase{op: "Add", opset: 6, in: all(x, vec(0, 1)), attrs: attrs(on, graph.IntAttr("axis", 3)), err: "does not fit"},
		nodeCase{op: "Add", opset: 6, in: all(vec(0, 1), x), attrs: attrs(on), err: "does not fit"},
		nodeCase{op: "Max", opset: 6, in: all(vec(0, 1), vec(1)), err: "before opset 8"},
	)
}

func TestMod(t *testing.T) {
	a, b := i64(7, -7, 7, -7), i64(3, 3, -3, -3)
	fmod := graph.IntAttr("fmod", 1)
	checkNodes(t,
		nodeCase{op: "Mod", in: all(a, b), want: all(i64(1, 2, -2, -1))},
		nodeCase{op: "Mod", in: all(a, b), attrs: attrs(fmod), want: all(i64(1, -1, 1, -1))},
		nodeCase{op: "Mod", in: all(vec(5.5, -5.5, 1), vec(2, 2, inf)), attrs: attrs(fmod), want: all(vec(1.5, -1.5, 1))},
		nodeCase{op: "Mod", in: all(vec(5.5, -5.5, -1, 1), vec(2, 2, inf, 0)), want: all(vec(1.5, 0.5, inf, nan))},
		nodeCase{op: "Mod", in: all(whole(graph.Uint64, []int{1}, -1), whole(graph.Uint64, []int{1}, 10)), want: all(whole(graph.Uint64, []int{1}, 5))},
		nodeCase{op: "Mod", in: all(a, i64(0)), err: "divided by zero"},
		nodeCase{op: "Mod", in: all(a, b), attrs: attrs(graph.IntAttr("fmod", 2)), err: `"fmod" is 2`},
		nodeCase{op: "Mod", in: all(a, b), attrs: attrs(graph.FloatAttr("fmod", 1)), err: "must be INT"},
	)
}

func TestPow(t *testing.T) {
	checkNodes(t,
		nodeCase{op: "Pow", in: all(arr([]int{2, 1}, 2, 9), vec(2, 0.5)), want: all(arr([]int{2, 2}, 4, math.Sqrt2, 81, 3))},
		nodeCase{op: "Pow", in: all(vec(2), i64(-1)), want: all(vec(0.5))},
		nodeCase{op: "Pow", in: all(i64(3, -1, 1, 2), i64(4, -3, -2, -1)), want: all(i64(81, -1, 1, 0))},
		nodeCase{op: "Pow", in: all(whole(graph.Int8, []int{1}, 2), i64(7)), want: all(whole(graph.Int8, []int{1}, -128))},
		nodeCase{op: "Pow", in: all(i64(9), vec(0.5)), want: all(i64(3))},
		nodeCase{op: "Pow", in: all(i64(0), i64(-1)), err: "negative power"},
		nodeCase{op: "Pow", in: all(yes(1), vec(1)), err: "type BOOL"},
	)
}

func TestVariadic(t *testing.T) {
	a, b, c := vec(1, 5), arr([]int{2, 1}, 2, 3), arr(nil, 4)
	checkNodes(t,
		nodeCase{op: "Max", in: all(a, b, c), want: all(arr([]int{2, 2}, 4, 5, 4, 5))},
		nodeCase{op: "Min", in: all(a, b, c), want: all(arr([]int{2, 2}, 1, 2, 1, 3))},
		nodeCase{op: "Sum", in: all(a, b, c), want: all(arr([]int{2, 2}, 7, 11, 8, 12))},
		nodeCase{op: "Mean", in: all(a, vec(2, 1)), want: all(vec(1.5, 3))},
		nodeCase{op: "Max", in: all(vec(nan, 1), vec(1, nan)), want: all(vec(nan, nan))},
		nodeCase{op: "Max", in: all(whole(graph.Uint64, []int{2}, -1, 1), whole(graph.Uint64, []int{2}, 2, 2)), want: all(whole(graph.Uint64, []int{2}, -1, 2))},
		nodeCase{op: "Sum", in: all(a), want: all(a)},
		nodeCase{op: "Sum", err: "input 0 is missing"},
		nodeCase{op: "Sum", in: all(a, nil), err: "input 1 is missing"},
		nodeCase{op: "Sum", in: all(yes(1)), err: "type BOOL"},
		nodeCase{op: "Mean", in: all(i64(1)), err: "type INT64"},
		nodeCase{op: "Max", in: all(a, i64(1)), err: "must be the same"},
	)
}

func TestUnary(t *testing.T) {
	checkNodes(t,
		nodeCase{op: "Abs", in: all(vec(-1, 2)), want: all(vec(1, 2))},
		nodeCase{op: "Abs", in: all(whole(graph.Int8, []int{2}, -3, -128)), want: all(whole(graph.Int8, []int{2}, 3, -128))},
		nodeCase{op: "Abs", in: all(whole(graph.Uint64, []int{1}, -1)), want: all(whole(graph.Uint64, []int{1}, -1))},
		nodeCase{op: "Neg", in: all(i64(3, -4)), want: all(i64(-3, 4))},
		nodeCase{op: "Neg", in: all(whole(graph.Uint8, []int{1}, 1)), err: "type UINT8"},
		nodeCase{op: "Sign", in: all(vec(-2, 0, 3, nan)), want: all(vec(-1, 0, 1, nan))},
		nodeCase{op: "Sign", in: all(whole(graph.Uint64, []int{2}, -1, 0)), want: all(whole(graph.Uint64, []int{2}, 1, 0))},
		nodeCase{op: "Round", in: all(vec(0.5, 1.5, -2.5)), want: all(vec(0, 2, -2))},
		nodeCase{op: "Reciprocal", in: all(vec(4, 0)), want: all(vec(0.25, inf))},
		nodeCase{op: "Sqrt", in: all(vec(4, -1)), want: all(vec(2, nan))},
		nodeCase{op: "Log", in: all(vec(math.E, 0)), want: all(vec(1, -inf))},
		nodeCase{op: "Erf", in: all(arr(nil, 0)), want: all(arr(nil, 0))},
		nodeCase{op: "Floor", in: all(vec(-0.5)), want: all(vec(-1))},
		nodeCase{op: "Exp", in: all(i64(1)), err: "type INT64"},
		nodeCase{op: "Exp", err: "input 0 is missing"},
	)
}

// TestFunctions holds functions and their inverses against each other.
func TestFunctions(t *testing.T) {
	x := vec(0.1, 0.5, 0.9)
	for _, pair := range [][2]string{{"Exp", "Log"}, {"Sin", "Asin"}, {"Cos", "Acos"}, {"Tan", "Atan"}, {"Sinh", "Asinh"}, {"Tanh", "Atanh"}, {"Neg", "Neg"}, {"Reciprocal", "Reciprocal"}} {
		y, err := nodeCase{op: pair[0], in: all(x)}.run()
		if err != nil {
			t.Fatal(err)
		}
		checkNodes(t, nodeCase{op: pair[1], in: y, want: all(x)})
	}
	y, err := nodeCase{op: "Cosh", in: all(x)}.run()
	if err != nil {
		t.Fatal(err)
	}
	checkNodes(t, nodeCase{op: "Acosh", in: y, want: all(x)})
}
