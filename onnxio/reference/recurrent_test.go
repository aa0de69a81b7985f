package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// linear makes every activation function of a cell the identity, so that results can be
// computed in the head.
func linear(n int) *graph.Attr {
	names := make([]string, n)
	for i := range names {
		names[i] = "Affine"
	}
	return &graph.Attr{Name: "activations", Value: names}
}

func TestRNN(t *testing.T) {
	x := arr([]int{3, 2, 1}, 1, 10, 2, 20, 3, 30) // three steps of two samples
	w, r, bias := arr([]int{1, 1, 1}, 2), arr([]int{1, 1, 1}, 0.5), arr([]int{1, 2}, 0.75, 0.25)
	lengths := whole(graph.Int32, []int{2}, 3, 1)
	start := arr([]int{1, 2, 1}, 4, 40)
	reverse := graph.StringAttr("direction", "reverse")
	checkNodes(t,
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(linear(1)), want: all(arr([]int{3, 1, 2, 1}, 2, 20, 5, 50, 8.5, 85), arr([]int{1, 2, 1}, 8.5, 85))},
		nodeCase{op: "RNN", in: all(x, w, r, bias, lengths, start), attrs: attrs(linear(1)), want: all(arr([]int{3, 1, 2, 1}, 5, 41, 7.5, 0, 10.75, 0), arr([]int{1, 2, 1}, 10.75, 41))},
		nodeCase{op: "RNN", in: all(x, w, r, nil, lengths), attrs: attrs(linear(1), reverse), want: all(arr([]int{3, 1, 2, 1}, 5.5, 20, 7, 0, 6, 0), arr([]int{1, 2, 1}, 5.5, 20))},
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(linear(1), graph.FloatAttr("clip", 3)), want: all(nil, arr([]int{1, 2, 1}, 3, 3))},
		nodeCase{op: "RNN", in: all(x, w, r), want: all(nil, arr([]int{1, 2, 1}, math.Tanh(6+0.5*math.Tanh(4+0.5*math.Tanh(2))), math.Tanh(60+0.5)))},
		// The batch first: two samples of one step each, along both directions.
		nodeCase{op: "RNN", in: all(arr([]int{2, 1, 1}, 1, 10), arr([]int{2, 1, 1}, 2, 3), arr([]int{2, 1, 1}, 0), nil, nil, arr([]int{2, 2, 1}, 0)), attrs: attrs(linear(2), graph.IntAttr("layout", 1), graph.StringAttr("direction", "bidirectional")),
			want: all(arr([]int{2, 1, 2, 1}, 2, 3, 20, 30), arr([]int{2, 2, 1}, 2, 3, 20, 30))},
	)
	checkNodes(t,
		nodeCase{op: "RNN", in: all(x, w), err: "input 2 is missing"},
		nodeCase{op: "RNN", in: all(vec(1), w, r), err: "must have 3 axes"},
		nodeCase{op: "RNN", in: all(x, arr([]int{1, 1, 2}, 1), r), err: "input 1 has shape [1 1 2], it must have shape [1 1 1]"},
		nodeCase{op: "RNN", in: all(x, w, r, vec(1, 2)), err: "input 3"},
		nodeCase{op: "RNN", in: all(x, w, r, nil, whole(graph.Int32, []int{2}, 4, 1)), err: "length 4 of 3"},
		nodeCase{op: "RNN", in: all(x, w, r, nil, i64(1)), err: "the lengths of 2 sequences"},
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(graph.StringAttr("direction", "bidirectional")), err: "it must have shape [2 1 1]"},
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(graph.IntAttr("hidden_size", 2)), err: "\"hidden_size\" is 2"},
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(graph.FloatAttr("clip", -1)), err: "\"clip\" is -1, it must be above 0"},
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(graph.FloatAttr("clip", float32(math.NaN()))), err: "\"clip\" is NaN"},
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(linear(3)), err: "3 functions, it must have 1"},
		nodeCase{op: "RNN", in: all(x, w, r), attrs: attrs(&graph.Attr{Name: "activations", Value: []string{"Sine"}}), err: "\"Sine\" is not known"},
	)
}

func TestGRU(t *testing.T) {
	x, h := arr([]int{1, 1, 1}, 2), arr([]int{1, 1, 1}, 4)
	w, r := arr([]int{1, 3, 1}, 1, 2, 3), arr([]int{1, 3, 1}, 0.25, 0.5, 0.75)
	bias := arr([]int{1, 6}, 0, 0, 1, 0, 0, 2)
	// z = 2+1 = 3, r = 4+2 = 6, n = 6+1 + 0.75·6·4+2 = 27 or 6+1 + 6·(0.75·4+2) = 37,
	// h = (1−3)·n + 3·4.
	checkNodes(t,
		nodeCase{op: "GRU", in: all(x, w, r, bias, nil, h), attrs: attrs(linear(2)), want: all(nil, arr([]int{1, 1, 1}, -42))},
		nodeCase{op: "GRU", in: all(x, w, r, bias, nil, h), attrs: attrs(linear(2), graph.IntAttr("linear_before_reset", 1)), want: all(arr([]int{1, 1, 1, 1}, -62), arr([]int{1, 1, 1}, -62))},
		nodeCase{op: "GRU", in: all(arr([]int{0, 1, 1}), w, r, bias, nil, h), want: all(arr([]int{0, 1, 1, 1}), h)},
	)
	// The parameters go to the function that has some: n = 2·tanh(0.5·1).
	sig := 1 / (1 + math.Exp(-1))
	checkNodes(t,
		nodeCase{op: "GRU", in: all(arr([]int{1, 1, 1}, 1), arr([]int{1, 3, 1}, 1, 1, 1), arr([]int{1, 3, 1}, 0)),
			attrs: attrs(&graph.Attr{Name: "activations", Value: []string{"Sigmoid", "ScaledTanh"}}, &graph.Attr{Name: "activation_alpha", Value: []float32{2}}, &graph.Attr{Name: "activation_beta", Value: []float32{0.5}}),
			want:  all(nil, arr([]int{1, 1, 1}, (1-sig)*2*math.Tanh(0.5)))},
	)
}

func TestLSTM(t *testing.T) {
	x, h, c := arr([]int{1, 1, 1}, 1), arr([]int{1, 1, 1}, 2), arr([]int{1, 1, 1}, 3)
	w, r := arr([]int{1, 4, 1}, 1, 2, 3, 4), arr([]int{1, 4, 1}, 1)
	peephole := arr([]int{1, 3}, 10, 20, 30)
	// i = 3, o = 4, f = 5, n = 6: c = 5·3 + 3·6 = 33, h = 4·33.
	checkNodes(t,
		nodeCase{op: "LSTM", in: all(x, w, r, nil, nil, h, c), attrs: attrs(linear(3)), want: all(arr([]int{1, 1, 1, 1}, 132), arr([]int{1, 1, 1}, 132), arr([]int{1, 1, 1}, 33))},
		// i = 33, f = 95: c = 95·3 + 33·6 = 483, o = 4 + 20·483.
		nodeCase{op: "LSTM", in: all(x, w, r, nil, nil, h, c, peephole), attrs: attrs(linear(3)), want: all(nil, arr([]int{1, 1, 1}, 9664*483), arr([]int{1, 1, 1}, 483))},
		// f = 1 − i = −2: c = −6 + 18.
		nodeCase{op: "LSTM", in: all(x, w, r, nil, nil, h, c), attrs: attrs(linear(3), graph.IntAttr("input_forget", 1)), want: all(nil, arr([]int{1, 1, 1}, 48), arr([]int{1, 1, 1}, 12))},
		nodeCase{op: "LSTM", in: all(x, w, r, nil, nil, h, arr([]int{1, 1, 2}, 1)), err: "input 6"},
	)
}
