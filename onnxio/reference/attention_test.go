package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Queries of 0 weigh all keys that they see alike, so that results are means of values.
func TestAttention(t *testing.T) {
	zeros := func(n int) *reference.Tensor { return arr([]int{1, 1, n, 1}, 0) }
	v := arr([]int{1, 1, 4, 1}, 1, 2, 6, 15)
	want := func(v ...float64) []*reference.Tensor { return all(arr([]int{1, 1, len(v), 1}, v...)) }
	causal := graph.IntAttr("is_causal", 1)
	no := math.Inf(-1)
	checkNodes(t,
		nodeCase{op: "Attention", opset: 23, in: all(zeros(2), zeros(4), v), want: want(6, 6)},
		nodeCase{op: "Attention", opset: 23, in: all(zeros(4), zeros(4), v), attrs: attrs(causal), want: want(1, 1.5, 3, 6)},
		nodeCase{op: "Attention", opset: 23, in: all(zeros(2), zeros(4), v, whole(graph.Bool, []int{2, 4}, 1, 0, 1, 0, 0, 0, 0, 0)), want: want(3.5, 0)},
		nodeCase{op: "Attention", opset: 24, in: all(zeros(2), zeros(4), v, arr([]int{2}, 0, no)), want: want(1, 1)},
		// Half of 6 and a quarter each of 1 and 2: a mask is added to the scores.
		nodeCase{op: "Attention", opset: 23, in: all(zeros(1), zeros(4), v, vec(0, 0, math.Ln2, no)), want: want(3.75)},
		nodeCase{op: "Attention", opset: 24, in: all(zeros(2), zeros(4), v, nil, nil, nil, i64(3)), attrs: attrs(causal), want: want(1.5, 3)},
		nodeCase{op: "Attention", opset: 24, in: all(zeros(2), zeros(4), v, nil, nil, nil, i64(1)), attrs: attrs(causal), want: want(0, 1)},
		nodeCase{op: "Attention", opset: 25, in: all(zeros(4), zeros(4), v), attrs: attrs(graph.IntAttr("left_window_size", 1), graph.IntAttr("right_window_size", 0)), want: want(1, 1.5, 4, 10.5)},
		// Two values of the past stand in front.
		nodeCase{op: "Attention", opset: 23, in: all(zeros(2), zeros(2), arr([]int{1, 1, 2, 1}, 6, 15), nil, zeros(2), arr([]int{1, 1, 2, 1}, 1, 2)), attrs: attrs(causal),
			want: all(arr([]int{1, 1, 2, 1}, 3, 6), zeros(4), v)},
	)
	// Scores ln 3 and 0 at scale 0.5: weights 3/4 and 1/4. Heads 0 and 1 share keys.
	q, k := arr([]int{1, 1, 4}, 2*math.Log(3), 0, 0, 0), arr([]int{1, 2, 2}, 1, 5, 0, 7)
	three := attrs(graph.IntAttr("q_num_heads", 2), graph.IntAttr("kv_num_heads", 1), graph.FloatAttr("scale", 0.5))
	mode := func(m int64) []*graph.Attr {
		return append(attrs(graph.IntAttr("qk_matmul_output_mode", m), graph.FloatAttr("softcap", 0.5)), three...)
	}
	scores := func(a, b float64) []*reference.Tensor {
		return all(nil, nil, nil, arr([]int{1, 2, 1, 2}, a, b, 0, 0))
	}
	capped := 0.5 * math.Tanh(2*math.Log(3))
	mask := vec(0, 1)
	checkNodes(t,
		nodeCase{op: "Attention", opset: 23, in: all(q, k, arr([]int{1, 2, 1}, 4, 8)), attrs: three, want: all(arr([]int{1, 1, 2}, 5, 6), arr([]int{1, 1, 2, 2}, 1, 5, 0, 7))},
		nodeCase{op: "Attention", opset: 23, in: all(q, k, k), attrs: mode(0), want: scores(math.Log(3), 0)},
		nodeCase{op: "Attention", opset: 23, in: all(q, k, k), attrs: mode(1), want: scores(capped, 0)},
		nodeCase{op: "Attention", opset: 23, in: all(q, k, k, mask), attrs: mode(2), want: all(nil, nil, nil, arr([]int{1, 2, 1, 2}, capped, 1, 0, 1))},
		nodeCase{op: "Attention", opset: 23, in: all(q, k, k), attrs: append(attrs(graph.IntAttr("qk_matmul_output_mode", 3)), three...), want: all(nil, nil, nil, arr([]int{1, 2, 1, 2}, 0.75, 0.25, 0.5, 0.5))},
	)
	checkNodes(t,
		nodeCase{op: "Attention", opset: 23, in: all(q, k, k), err: "\"q_num_heads\" is 0"},
		nodeCase{op: "Attention", opset: 23, in: all(q, k, k), attrs: attrs(graph.IntAttr("q_num_heads", 3)), err: "does not part into 3 heads"},
		nodeCase{op: "Attention", opset: 23, in: all(vec(1), k, k), err: "3 or 4 axes"},
		nodeCase{op: "Attention", opset: 23, in: all(zeros(2), zeros(3), v), err: "do not fit"},
		nodeCase{op: "Attention", opset: 23, in: all(zeros(2), zeros(4), v, arr([]int{3, 4}, 0)), err: "input 3"},
		nodeCase{op: "Attention", opset: 23, in: all(zeros(2), zeros(4), v, nil, vec(1), zeros(1)), err: "input 4"},
		nodeCase{op: "Attention", opset: 24, in: all(zeros(2), zeros(4), v, nil, nil, nil, i64(1, 2)), err: "input 6"},
	)
}

func TestRotaryEmbedding(t *testing.T) {
	x := arr([]int{1, 2, 1, 4}, 1, 2, 3, 4, 5, 6, 7, 8) // two heads, one place
	cos, sin := arr([]int{1, 1, 2}, 0, 1), arr([]int{1, 1, 2}, 1, 0)
	checkNodes(t,
		nodeCase{op: "RotaryEmbedding", opset: 23, in: all(x, cos, sin), want: all(arr([]int{1, 2, 1, 4}, -3, 2, 1, 4, -7, 6, 5, 8))},
		nodeCase{op: "RotaryEmbedding", opset: 23, in: all(x, cos, sin), attrs: attrs(graph.IntAttr("interleaved", 1)), want: all(arr([]int{1, 2, 1, 4}, -2, 1, 3, 4, -6, 5, 7, 8))},
		nodeCase{op: "RotaryEmbedding", opset: 23, in: all(x, arr([]int{1, 1, 1}, 0), arr([]int{1, 1, 1}, 1)), attrs: attrs(graph.IntAttr("rotary_embedding_dim", 2)), want: all(arr([]int{1, 2, 1, 4}, -2, 1, 3, 4, -6, 5, 7, 8))},
		nodeCase{op: "RotaryEmbedding", opset: 23, in: all(arr([]int{1, 2, 2}, 1, 2, 3, 4), arr([]int{3, 1}, 9, 1, 0), arr([]int{3, 1}, 9, 0, 1), whole(graph.Int64, []int{1, 2}, 2, 1)), attrs: attrs(graph.IntAttr("num_heads", 1)),
			want: all(arr([]int{1, 2, 2}, -2, 1, 3, 4))},
		nodeCase{op: "RotaryEmbedding", opset: 23, in: all(x, cos, arr([]int{1, 1, 1}, 1)), err: "input 2 has shape [1 1 1]"},
		nodeCase{op: "RotaryEmbedding", opset: 23, in: all(x, arr([]int{3, 2}, 1), arr([]int{3, 2}, 1), whole(graph.Int64, []int{1, 1}, 3)), err: "place 3 is not one of 3"},
		nodeCase{op: "RotaryEmbedding", opset: 23, in: all(x, cos, sin), attrs: attrs(graph.IntAttr("rotary_embedding_dim", 3)), err: "turn in pairs"},
	)
}
