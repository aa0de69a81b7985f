package graph_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestSizeIsInBytes(t *testing.T) {
	for _, tc := range []struct {
		tensor graph.Tensor
		want   int64
	}{
		{graph.Tensor{Type: graph.Float, Dims: []int64{2, 3}}, 24},
		{graph.Tensor{Type: graph.Double}, 8},
		{graph.Tensor{Type: graph.Int4, Dims: []int64{3}}, 2},
		{graph.Tensor{Type: graph.Bool, Dims: []int64{0, 5}}, 0},
		{graph.Tensor{Type: graph.String, Dims: []int64{2}, Strings: []string{"ab", "c"}}, 3},
		{graph.Tensor{Type: graph.Float, Dims: []int64{-1}}, 0},
		{graph.Tensor{Type: 99, Dims: []int64{4}}, 0},
	} {
		if got := tc.tensor.Size(); got != tc.want {
			t.Errorf("%v %v: %d bytes, want %d", tc.tensor.Type, tc.tensor.Dims, got, tc.want)
		}
	}
}
