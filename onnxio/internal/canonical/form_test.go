package canonical_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestGatherToSqueeze(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"the one element of an axis", `in x [N,3,1,1]; a = Gather<axis=2>(x, 0); b = Gather<axis=2>(a, 0); w [3,2]; y = MatMul(b, w)`, "Flatten Gemm"},
		{"the last of one", `in x [N,3,1]; a = Gather<axis=-1>(x, -1); w [3,2]; y = MatMul(a, w)`, "Flatten Gemm"},
		{"one of many", `in x [N,3,2]; y = Gather<axis=2>(x, 1)`, "Gather"},
		{"a list of one", `in x [N,3,1]; y = Gather<axis=2>(x, [0])`, "Gather"},
	})
}
