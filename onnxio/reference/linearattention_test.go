package reference_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestLinearAttention(t *testing.T) {
	// Two places of one head; keys of 2 numbers, values of 1.
	q, k, v := arr([]int{1, 2, 2}, 1, 0, 1, 1), arr([]int{1, 2, 2}, 1, 2, 3, 4), arr([]int{1, 2, 1}, 10, 20)
	past := arr([]int{1, 1, 2, 1}, 1, 1)
	half := math.Log(0.5)
	rule := func(s string) []*graph.Attr {
		return attrs(graph.StringAttr("update_rule", s), graph.IntAttr("q_num_heads", 1), graph.IntAttr("kv_num_heads", 1), graph.FloatAttr("scale", 2))
	}
	perHead, perKey, beta := arr([]int{1, 2, 1}, half), arr([]int{1, 2, 2}, 0, half, 0, half), arr([]int{1, 2, 1}, 1, 0.5)
	checkNodes(t,
		// States [10 20], [70 100].
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v), attrs: rule("linear"), want: all(arr([]int{1, 2, 1}, 20, 340), arr([]int{1, 1, 2, 1}, 70, 100))},
		// [0.5+10 0.5+20], half of it and [60 80].
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v, past, perHead), attrs: rule("gated"), want: all(arr([]int{1, 2, 1}, 21, 2*155.5), arr([]int{1, 1, 2, 1}, 65.25, 90.25))},
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v, past, perKey), attrs: rule("gated"), want: all(arr([]int{1, 2, 1}, 22, 2*161.25), arr([]int{1, 1, 2, 1}, 71, 90.25))},
		// v = 10−3 = 7: [8 15]; v = (20−84)/2 = −32: [−88 −113].
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v, past, nil, beta), attrs: rule("delta"), want: all(arr([]int{1, 2, 1}, 16, -402), arr([]int{1, 1, 2, 1}, -88, -113))},
		// [0.5 0.5], v = 10−1.5 = 8.5: [9 17.5]; [4.5 8.75], v = (20−48.5)/2 = −14.25: [−38.25 −48.25].
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v, past, perHead, beta), attrs: rule("gated_delta"), want: all(arr([]int{1, 2, 1}, 18, -173), arr([]int{1, 1, 2, 1}, -38.25, -48.25))},
		// Two heads of queries read one state; the scale is 1/√1.
		nodeCase{op: "LinearAttention", opset: 27, in: all(arr([]int{1, 1, 2}, 1, 2), arr([]int{1, 1, 1}, 3), arr([]int{1, 1, 1}, 5)), attrs: attrs(graph.StringAttr("update_rule", "linear"), graph.IntAttr("q_num_heads", 2), graph.IntAttr("kv_num_heads", 1)),
			want: all(arr([]int{1, 1, 2}, 15, 30), arr([]int{1, 1, 1, 1}, 15))},
	)
	checkNodes(t,
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v), attrs: rule("gated"), err: "input 4 is missing"},
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v, nil, perHead), attrs: rule("linear"), err: "does not use it"},
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v, nil, arr([]int{1, 2, 3}, 1)), attrs: rule("gated"), err: "it must end with 1 or 2"},
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, k, v, vec(1)), attrs: rule("linear"), err: "input 3"},
		nodeCase{op: "LinearAttention", opset: 27, in: all(q, v, v), attrs: rule("linear"), err: "do not fit"},
	)
}

func TestCausalConv(t *testing.T) {
	x, w := arr([]int{1, 2, 3}, 1, 2, 3, 10, 20, 30), arr([]int{2, 1, 2}, 1, 2, 0, 1)
	silu := func(x float64) float64 { return x / (1 + math.Exp(-x)) }
	checkNodes(t,
		nodeCase{op: "CausalConvWithState", opset: 27, in: all(x, w), want: all(arr([]int{1, 2, 3}, 2, 5, 8, 10, 20, 30), arr([]int{1, 2, 1}, 3, 30))},
		nodeCase{op: "CausalConvWithState", opset: 27, in: all(x, w, vec(100, 0), arr([]int{1, 2, 1}, 7, 7)), want: all(arr([]int{1, 2, 3}, 109, 105, 108, 10, 20, 30))},
		nodeCase{op: "CausalConvWithState", opset: 27, in: all(arr([]int{1, 1, 1}, 1), arr([]int{1, 1, 3}, 1), nil, arr([]int{1, 1, 2}, 5, 6)), attrs: attrs(graph.StringAttr("activation", "silu")), want: all(arr([]int{1, 1, 1}, silu(12)), arr([]int{1, 1, 2}, 6, 1))},
		nodeCase{op: "CausalConvWithState", opset: 27, in: all(x, arr([]int{1, 1, 2}, 1)), err: "do not fit"},
		nodeCase{op: "CausalConvWithState", opset: 27, in: all(x, w, nil, vec(1)), err: "input 3"},
		nodeCase{op: "CausalConvWithState", opset: 27, in: all(x, w), attrs: attrs(graph.StringAttr("activation", "relu")), err: "must be one of"},
	)
}
