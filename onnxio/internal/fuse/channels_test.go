package fuse_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestChannelsInAnotherOrder(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"BGR for RGB", `in x [N,3,4,4]; w [2,3,3,3]; a = Gather<axis=1>(x, [2,1,0]); y = Conv(a, w)`, "Conv"},
		{"rotated, from the end", `in x [N,3,4,4]; w [2,3,3,3]; a = Gather<axis=1>(x, [-1,0,1]); y = Conv(a, w)`, "Conv"},
		{"channels last", `in x [N,4,4,3]; w [2,3,3,3]; a = Gather<axis=3>(x, [2,0,1]); b = Transpose<perm=[0,3,1,2]>(a); y = Conv(b, w)`, "Conv"},
		{"channels last, behind", `in x [N,4,4,3]; w [2,3,3,3]; b = Transpose<perm=[0,3,1,2]>(x); a = Gather<axis=1>(b, [2,0,1]); y = Conv(a, w)`, "Conv"},
		{"one twice", `in x [N,3,4,4]; w [2,3,3,3]; a = Gather<axis=1>(x, [2,1,1]); y = Conv(a, w)`, "Gather Conv"},
		{"some", `in x [N,3,4,4]; w [2,2,3,3]; a = Gather<axis=1>(x, [2,1]); y = Conv(a, w)`, "Gather Conv"},
		{"rows", `in x [N,3,4,4]; w [2,3,3,3]; a = Gather<axis=2>(x, [3,2,1,0]); y = Conv(a, w)`, "Gather Conv"},
		{"in groups", `in x [N,4,4,4]; w [2,2,3,3]; a = Gather<axis=1>(x, [3,2,1,0]); y = Conv<group=2>(a, w)`, "Gather Conv"},
		{"two that read it", `in x [N,3,4,4]; w [2,3,3,3]; a = Gather<axis=1>(x, [2,1,0]); y = Conv(a, w); z = Relu(a); out y z`, "Gather Conv Relu"},
	})
}
