package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func TestCompare(t *testing.T) {
	a, b := vec(1, 2, nan), vec(2, 2, nan)
	checkNodes(t,
		nodeCase{op: "Less", in: all(a, b), want: all(yes(1, 0, 0))},
		nodeCase{op: "LessOrEqual", in: all(a, b), want: all(yes(1, 1, 0))},
		nodeCase{op: "Greater", in: all(b, a), want: all(yes(1, 0, 0))},
		nodeCase{op: "GreaterOrEqual", in: all(b, a), want: all(yes(1, 1, 0))},
		nodeCase{op: "Equal", in: all(a, b), want: all(yes(0, 1, 0))},
		nodeCase{op: "Equal", in: all(text("a", "b"), text("b")), want: all(yes(0, 1))},
		nodeCase{op: "Equal", in: all(yes(0, 1), yes(1, 1)), want: all(yes(0, 1))},
		nodeCase{op: "Less", in: all(i64(-1), i64(1)), want: all(yes(1))},
		nodeCase{op: "Less", in: all(whole(graph.Uint64, []int{1}, -1), whole(graph.Uint64, []int{1}, 1)), want: all(yes(0))},
		nodeCase{op: "Less", in: all(text("a"), text("b")), err: "type STRING"},
		nodeCase{op: "IsNaN", in: all(vec(1, nan, inf)), want: all(yes(0, 1, 0))},
		nodeCase{op: "IsInf", in: all(vec(1, inf, -inf)), want: all(yes(0, 1, 1))},
		nodeCase{op: "IsInf", in: all(vec(1, inf, -inf)), attrs: attrs(graph.IntAttr("detect_negative", 0)), want: all(yes(0, 1, 0))},
		nodeCase{op: "IsInf", in: all(vec(1, inf, -inf)), attrs: attrs(graph.IntAttr("detect_positive", 0)), want: all(yes(0, 0, 1))},
		nodeCase{op: "IsNaN", in: all(i64(1)), err: "type INT64"},
	)
}

func TestLogic(t *testing.T) {
	a, b := yes(0, 0, 1, 1), yes(0, 1, 0, 1)
	checkNodes(t,
		nodeCase{op: "And", in: all(a, b), want: all(yes(0, 0, 0, 1))},
		nodeCase{op: "Or", in: all(a, b), want: all(yes(0, 1, 1, 1))},
		nodeCase{op: "Xor", in: all(a, b), want: all(yes(0, 1, 1, 0))},
		nodeCase{op: "Not", in: all(a), want: all(yes(1, 1, 0, 0))},
		nodeCase{op: "And", in: all(a, i64(1)), err: "must be the same"},
		nodeCase{op: "And", in: all(i64(1), i64(1)), err: "must be BOOL"},
		nodeCase{op: "Not", in: all(i64(1)), err: "must be BOOL"},
		nodeCase{op: "Not", in: all(yes(2)), err: "outside the range of BOOL"},
	)
}

func TestBits(t *testing.T) {
	left, right := graph.StringAttr("direction", "LEFT"), graph.StringAttr("direction", "RIGHT")
	checkNodes(t,
		nodeCase{op: "BitwiseAnd", in: all(i64(12), i64(10)), want: all(i64(8))},
		nodeCase{op: "BitwiseOr", in: all(i64(12), i64(10)), want: all(i64(14))},
		nodeCase{op: "BitwiseXor", in: all(i64(12), i64(10)), want: all(i64(6))},
		nodeCase{op: "BitwiseNot", in: all(whole(graph.Uint8, []int{1}, 1)), want: all(whole(graph.Uint8, []int{1}, 254))},
		nodeCase{op: "BitwiseNot", in: all(i64(0)), want: all(i64(-1))},
		nodeCase{op: "BitwiseAnd", in: all(vec(1), vec(1)), err: "type FLOAT"},
		nodeCase{op: "BitShift", in: all(whole(graph.Uint8, []int{3}, 1, 255, 1), whole(graph.Uint8, []int{3}, 3, 1, 8)), attrs: attrs(left), want: all(whole(graph.Uint8, []int{3}, 8, 254, 0))},
		nodeCase{op: "BitShift", in: all(whole(graph.Uint8, []int{2}, 8, 255), whole(graph.Uint8, []int{2}, 3, 9)), attrs: attrs(right), want: all(whole(graph.Uint8, []int{2}, 1, 0))},
		nodeCase{op: "BitShift", opset: 28, in: all(i64(-8, -8, 8), i64(1, -1, 64)), attrs: attrs(right), want: all(i64(-4, -1, 0))},
		nodeCase{op: "BitShift", opset: 28, in: all(whole(graph.Int8, []int{3}, 1, 1, 64), whole(graph.Int8, []int{3}, 2, 8, 1)), attrs: attrs(left), want: all(whole(graph.Int8, []int{3}, 4, 0, -128))},
		nodeCase{op: "BitShift", in: all(i64(1), i64(1)), err: `"direction" is missing`},
		nodeCase{op: "BitShift", in: all(i64(1), i64(1)), attrs: attrs(graph.StringAttr("direction", "UP")), err: `"direction" is "UP"`},
	)
}

func TestChoose(t *testing.T) {
	low, high := arr(nil, 0), arr(nil, 1)
	checkNodes(t,
		nodeCase{op: "Where", in: all(yes(1, 0), arr([]int{2, 1}, 1, 2), arr(nil, 9)), want: all(arr([]int{2, 2}, 1, 9, 2, 9))},
		nodeCase{op: "Where", in: all(yes(1, 0), text("a"), text("b")), want: all(text("a", "b"))},
		nodeCase{op: "Where", in: all(i64(1), low, high), err: "must be BOOL"},
		nodeCase{op: "Where", in: all(yes(1), low, i64(1)), err: "must be the same"},
		nodeCase{op: "Clip", in: all(vec(-1, 0.5, 2, nan), low, high), want: all(vec(0, 0.5, 1, nan))},
		nodeCase{op: "Clip", in: all(vec(-1, 2), nil, high), want: all(vec(-1, 1))},
		nodeCase{op: "Clip", in: all(vec(-1, 2)), want: all(vec(-1, 2))},
		nodeCase{op: "Clip", in: all(vec(-1, 2), high, low), want: all(vec(0, 0))},
		nodeCase{op: "Clip", in: all(i64(-5, 5), i64(0)), want: all(i64(0, 5))},
		nodeCase{op: "Clip", opset: 6, in: all(vec(-1, 0.5, 7)), attrs: attrs(graph.FloatAttr("min", 0), graph.FloatAttr("max", 6)), want: all(vec(0, 0.5, 6))},
		nodeCase{op: "Clip", opset: 6, in: all(vec(-1, inf)), want: all(vec(-1, math.MaxFloat32))},
		nodeCase{op: "Clip", opset: 6, in: all(i64(1)), err: "type INT64"},
		nodeCase{op: "Clip", in: all(vec(1), vec(1, 2)), err: "must be one FLOAT"},
		nodeCase{op: "Clip", in: all(vec(1), i64(1)), err: "must be one FLOAT"},
	)
}

func TestCast(t *testing.T) {
	to := func(typ graph.DataType) []*graph.Attr { return attrs(graph.IntAttr("to", int64(typ))) }
	doubles := func(v ...float64) *reference.Tensor { return floats(graph.Double, v...) }
	checkNodes(t,
		nodeCase{op: "Cast", in: all(vec(1.9, -1.9, nan)), attrs: to(graph.Int64), want: all(i64(1, -1, 0))},
		nodeCase{op: "Cast", in: all(vec(300, -inf)), attrs: to(graph.Int8), want: all(whole(graph.Int8, []int{2}, 127, -128))},
		nodeCase{op: "Cast", in: all(vec(1<<63, inf)), attrs: to(graph.Uint64), want: all(whole(graph.Uint64, []int{2}, math.MinInt64, -1))},
		nodeCase{op: "Cast", in: all(vec(0, nan, -0.1)), attrs: to(graph.Bool), want: all(yes(0, 1, 1))},
		nodeCase{op: "Cast", in: all(yes(0, 1)), attrs: to(graph.Float), want: all(vec(0, 1))},
		nodeCase{op: "Cast", in: all(whole(graph.Int16, []int{2}, 200, -1)), attrs: to(graph.Int8), want: all(whole(graph.Int8, []int{2}, -56, -1))},
		nodeCase{op: "Cast", in: all(i64(-1)), attrs: to(graph.Uint32), want: all(whole(graph.Uint32, []int{1}, math.MaxUint32))},
		nodeCase{op: "Cast", in: all(whole(graph.Uint64, []int{1}, -1)), attrs: to(graph.Double), want: all(doubles(1 << 64))},
		nodeCase{op: "Cast", in: all(i64(1<<53 + 1)), attrs: to(graph.Float), want: all(vec(1 << 53))},
		nodeCase{op: "Cast", in: all(doubles(0.1, 1e40)), attrs: to(graph.Float), want: all(vec(float64(float32(0.1)), inf))},
		nodeCase{op: "Cast", opset: 1, in: all(vec(2.5)), attrs: attrs(graph.StringAttr("to", "INT32")), want: all(whole(graph.Int32, []int{1}, 2))},
		nodeCase{op: "Cast", in: all(text("3.5", "-INF", "1e400", "NaN")), attrs: to(graph.Double), want: all(doubles(3.5, -inf, inf, nan))},
		nodeCase{op: "Cast", in: all(text("-7")), attrs: to(graph.Int8), want: all(whole(graph.Int8, []int{1}, -7))},
		nodeCase{op: "Cast", in: all(vec(0.5, inf)), attrs: to(graph.String), want: all(text("0.5", "INF"))},
		nodeCase{op: "Cast", in: all(whole(graph.Uint64, []int{1}, -1)), attrs: to(graph.String), want: all(text("18446744073709551615"))},
		nodeCase{op: "CastLike", in: all(vec(1.5), i64(0, 0)), want: all(i64(1))},
		nodeCase{op: "BitCast", opset: 26, in: all(vec(1, -2)), attrs: to(graph.Int32), want: all(whole(graph.Int32, []int{2}, 0x3f800000, -0x40000000))},
		nodeCase{op: "BitCast", opset: 26, in: all(i64(-1)), attrs: to(graph.Uint64), want: all(whole(graph.Uint64, []int{1}, -1))},
		nodeCase{op: "BitCast", opset: 26, in: all(i64(-1)), attrs: to(graph.Int32), err: "need 4 bytes, but there are 8"},
		nodeCase{op: "BitCast", opset: 26, in: all(text("a")), attrs: to(graph.Int32), err: "text has no bits"},
		nodeCase{op: "Cast", in: all(text("1000")), attrs: to(graph.Uint8), err: "out of range"},
		nodeCase{op: "Cast", in: all(text("x")), attrs: to(graph.Float), err: "invalid syntax"},
		nodeCase{op: "Cast", in: all(vec(1)), err: `"to" is missing`},
		nodeCase{op: "Cast", in: all(vec(1)), attrs: to(graph.Complex64), err: "COMPLEX64 is not evaluated"},
		nodeCase{op: "Cast", in: all(vec(1)), attrs: to(-1), err: "is not evaluated"},
		nodeCase{op: "Cast", opset: 1, in: all(vec(1)), attrs: attrs(graph.StringAttr("to", "INT")), err: "no element type"},
	)
}

// TestRounding holds casts to the short types against every number that these have, and
// those half-way between two.
func TestRounding(t *testing.T) {
	for _, typ := range []graph.DataType{graph.Float16, graph.BFloat16} {
		var halfway, want []float64
		numbers := allNumbers(t, typ)
		for i, x := range numbers[:len(numbers)-1] {
			next := numbers[i+1]
			even := x // the one of the two whose last bit is 0
			if i%2 == 1 {
				even = next
			}
			halfway, want = append(halfway, x, (x+next)/2, math.Nextafter((x+next)/2, inf)), append(want, x, even, next)
		}
		attr := attrs(graph.IntAttr("to", int64(typ)))
		got, err := nodeCase{op: "Cast", in: all(floats(graph.Double, halfway...)), attrs: attr}.run()
		if err != nil {
			t.Fatal(err)
		}
		same(t, typ.String(), got[0], floats(typ, want...))
	}
}

// allNumbers are the finite ones of a type of 16 bits from zero up, in order.
func allNumbers(t *testing.T, typ graph.DataType) []float64 {
	raw := []byte{}
	for bits := range 1 << 15 {
		raw = append(raw, byte(bits), byte(bits>>8))
	}
	all, err := (&graph.Tensor{Type: typ, Dims: []int64{1 << 15}, Raw: raw}).Float64s()
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range all {
		if math.IsInf(x, 1) {
			return all[:i]
		}
	}
	t.Fatal("there is no infinity")
	return nil
}
