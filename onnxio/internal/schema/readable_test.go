package schema_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

func TestReadable(t *testing.T) {
	for text, want := range map[string]bool{
		`in x [N,2]; y = Relu(x)`:                              true,
		`in x [N,2]; y = Relu()`:                               false,
		`in x [N,2]; y = Relu(x, x)`:                           false,
		`in x [N,2]; y = Relu<alpha=1.0>(x)`:                   false,
		`in x [N,2]; y = my.Relu(x)`:                           false,
		`in x [N,2]; y = Elu<alpha=0.5>(x)`:                    true,
		`in x [N,2]; y = Elu<alpha=1>(x)`:                      false,
		`in x [N,2]; y = Add(x)`:                               false,
		`in x [N,2]; y = Add(x, )`:                             false,
		`in x [N,2]; y = Clip(x, , )`:                          true,
		`in x [N,2]; y = Max(x, x, x, x)`:                      true,
		`in x [N,2]; y = Max()`:                                false,
		`in x [N,2]; y = MaxPool<kernel_shape=[2]>(x)`:         true,
		`in x [N,2]; y = MaxPool<kernel_shape=2>(x)`:           false,
		`in x [N,2]; y = Constant<value_float=1.0>()`:          true,
		`in x [N,2]; y = Constant<value_float=1.0>(x)`:         false,
		`in x [N,2]; y = Frobnicate(x)`:                        false,
		`in x [N,2]; y = Reshape<allowzero=1>(x, [1])`:         true,
		`in x [N,2]; y = Reshape<shape=[1]>(x)`:                false,
		`in x [N,2]; y = BatchNormalization(x, x, x, x)`:       false,
		`in x [N,2]; y = Conv<auto_pad="VALID">(x, x)`:         true,
		`in x [N,2]; y = LayerNormalization<axis=-1>(x, x, x)`: true,
	} {
		m := rewritetest.Parse(t, text)
		if got := schema.Readable(m.Graph.Nodes[len(m.Graph.Nodes)-1]); got != want {
			t.Errorf("%s: readable %v", text, got)
		}
	}
}
