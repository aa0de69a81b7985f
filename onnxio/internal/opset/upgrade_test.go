package opset_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/opset"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// Operators of old opsets, in the forms of which today's reader knows nothing.
func TestUpgrade(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"axis of a sum", `opset 6; in x [N,3,4,5]; w [3]; y = Mul<broadcast=1, axis=1>(x, w)`, "Mul"},
		{"no axis", `opset 6; in x [N,3,4,5]; w [5]; y = Div<broadcast=1>(x, w)`, "Div"},
		{"the same shapes", `opset 1; in x [N,3]; in z [N,3]; y = Sub<consumed_inputs=[0,0]>(x, z)`, "Sub"},
		{"axis with all axes", `opset 6; in x [N,3]; w [1,3]; y = Mul<broadcast=1, axis=0>(x, w)`, "Mul"},
		{"slopes of channels", `opset 6; in x [N,3,4,4]; w [3]; y = PRelu(x, w)`, "PRelu"},
		{"slopes of columns", `opset 7; in x [N,3,4,4]; w [4]; y = PRelu(x, w)`, "PRelu"},
		{"slopes of features", `opset 1; in x [N,3]; w [3]; y = PRelu<consumed_inputs=[0,0]>(x, w)`, "PRelu"},
		{"one slope", `opset 6; in x [N,3,4]; w [1]; y = PRelu(x, w)`, "PRelu"},
		{"Selu with fewer digits", `opset 5; in x [N,3]; y = Selu(x)`, "Selu"},
		{"Cast by its name", `opset 5; in x [N,3]; a = Cast<to="DOUBLE">(x); b = Relu(a); y = Cast<to="FLOAT">(b)`, "Cast Relu Cast"},
		{"Dropout with its ratio", `opset 7; in x [N,3]; y = Dropout<ratio=0.25>(x)`, "Dropout"},
		{"Dropout that trains", `opset 6; in x [N,3]; y = Dropout<is_test=1>(x)`, "Dropout"},
		{"the mask of Dropout", `opset 7; in x [N,3]; y, m = Dropout(x); z = Mul(y, m)`, "Dropout CastLike Mul"},
		{"the mask of today", `opset 10; in x [N,3]; y, m = Dropout(x); c = Cast<to=1>(m); z = Mul(y, c)`, "Dropout Cast Mul"},
		{"Clip with ends", `opset 6; in x [N,3]; y = Clip<min=-0.5, max=0.5>(x)`, "Clip"},
		{"Clip with one end", `opset 6; in x [N,3]; y = Clip<max=0.5>(x)`, "Clip"},
		{"Clip of doubles", `opset 6; in x double[N,3]; y = Clip<min=0.0>(x)`, "Clip"},
		{"Clip without ends", `opset 6; in x [N,3]; a = Clip(x); y = Relu(a)`, "Relu"},
		{"Pad", `opset 10; in x [N,3]; y = Pad<pads=[0,1,0,2], value=0.5>(x)`, "Pad"},
		{"Pad of opset 1", `opset 1; in x [N,3]; y = Pad<paddings=[0,1,0,2]>(x)`, "Pad"},
		{"Slice", `opset 9; in x [N,6]; y = Slice<starts=[1], ends=[4], axes=[1]>(x)`, "Slice"},
		{"Slice of the first axes", `opset 1; in x [N,6]; y = Slice<starts=[0,1], ends=[2147483647,4]>(x)`, "Slice"},
		{"Reshape", `opset 4; in x [N,6]; y = Reshape<shape=[-1,2,3], consumed_inputs=[0]>(x); z = Relu(y)`, "Reshape Relu"},
		{"Squeeze and Unsqueeze", `opset 12; in x [N,6,1]; a = Squeeze<axes=[2]>(x); b = Sin(a); y = Unsqueeze<axes=[2]>(b)`, "Flatten Sin"},
		{"Split", `opset 12; in x [N,6]; y, z = Split<axis=1, split=[2,4]>(x); out y z`, "Split"},
		{"ReduceMean", `opset 17; in x [N,6]; y = ReduceMean<axes=[1]>(x)`, "ReduceMean"},
		{"Concat along channels", `opset 3; in x [N,6]; y = Concat(x, x)`, "Concat"},
		{"Softmax of all axes behind", `opset 12; in x [N,3,4]; y = Softmax(x)`, "Flatten Softmax Reshape"},
		{"Softmax of the last axis", `opset 12; in x [N,3,4]; y = Softmax<axis=2>(x)`, "Softmax"},
		{"Softmax of a negative axis", `opset 12; in x [N,3,4]; y = LogSoftmax<axis=-1>(x)`, "LogSoftmax"},
		{"Softmax of a vector", `opset 1; in x [N,4]; y = Softmax(x)`, "Softmax"},
		{"Softmax over the batch", `opset 12; in x [N,4]; y = Softmax<axis=0>(x)`, "Reshape Softmax Reshape"},
		{"Softmax with axes of one", `opset 12; in x [N,3,1,1]; y = Softmax<axis=1>(x)`, "Softmax"},
		{"batch normalisation", `opset 6; in x [N,2,3]; a [2]; b [2]; c [2]; v [2] 1 2; y = BatchNormalization<is_test=1, spatial=1>(x, a, b, c, v)`, "BatchNormalization"},
		{"a batch normalisation that trains", `opset 6; in x [N,2,3]; a [2]; b [2]; c [2]; v [2] 1 2; y = BatchNormalization(x, a, b, c, v)`, "BatchNormalization"},
		{"spatial 0 of a vector", `opset 7; in x [N,2]; a [2]; b [2]; c [2]; v [2] 1 2; y = BatchNormalization<spatial=0>(x, a, b, c, v)`, "BatchNormalization"},
		{"spatial 0 of one pixel", `opset 8; in x [N,2,1,1]; a [2,1,1]; b [2,1,1]; c [2,1,1]; v [2,1,1] 1 2; y = BatchNormalization<spatial=0>(x, a, b, c, v)`, "BatchNormalization"},
		{"spatial 0 of a map", `opset 8; in x [N,2,1,3]; a [2,1,3]; b [2,1,3]; c [2,1,3]; v [2,1,3] 1 2 3 4 5 6; y = BatchNormalization<spatial=0>(x, a, b, c, v); z = Exp(y)`, "Flatten BatchNormalization Exp Reshape"},
		{"its statistics", `opset 7; in x [N,2,3]; a [2]; b [2]; c [2]; v [2] 1 2; y, m, s = BatchNormalization(x, a, b, c, v); out y m s`, "BatchNormalization"},
	})
}

// Some writers say an opset and write the attributes of an older one: there is no other
// meaning that they could have.
func TestUpgradeIsLenient(t *testing.T) {
	r := rewrite.Clean(rewritetest.Parse(t, `opset 20; in x [N,6]; y = ReduceMean<axes=[1]>(x)`))
	if n := r.Model.Graph.Nodes[0]; n.Attr("axes") != nil || len(n.Inputs) != 2 {
		t.Errorf("upgraded to\n%s", rewritetest.Print(r.Model))
	}
}

// What cannot be written in today's form is marked, so that nobody takes it for that.
func TestUpgradeMarksWhatItCannot(t *testing.T) {
	for name, text := range map[string]string{
		"slopes for an unknown rank": `opset 6; in x [N,3]; s int[3]; a = Upsample<mode="nearest">(x); w [3]; y = PRelu(a, w)`,
		"an axis for one":            `opset 6; in x [N,3]; a = Upsample<mode="nearest">(x); w [3]; y = Mul<broadcast=1, axis=1>(a, w)`,
		"ends for an unknown type":   `opset 6; in x [N,3]; a = Upsample<mode="nearest">(x); y = Clip<min=0.0>(a)`,
		"ends that are integers":     `opset 6; in x [N,3]; y = Clip<min=0>(x)`,
		"places of another number":   `opset 7; in x [N,2,3]; a [3]; b [3]; c [3]; v [3] 1; y = BatchNormalization<spatial=0>(x, a, b, c, v)`,
		"places of unknown number":   `opset 6; in x [N,3]; z = Upsample<mode="nearest">(x); a [3]; b [3]; c [3]; v [3] 1; y = BatchNormalization<is_test=1, spatial=0>(z, a, b, c, v)`,
		"the batch's own statistics": `opset 7; in x [N,2]; a [2]; b [2]; c [2]; v [2] 1; y, m, s, bm, bs = BatchNormalization(x, a, b, c, v); out y bm`,
		"a type that is no type":     `opset 5; in x [N,3]; y = Cast<to="WORD">(x)`,
		"an operator that changed":   `opset 9; in x [N,3]; y, i = TopK<k=2>(x)`,
	} {
		t.Run(name, func(t *testing.T) {
			r := rewrite.Clean(rewritetest.Parse(t, text))
			nodes := r.Model.Graph.Nodes
			last := nodes[len(nodes)-1]
			if last.Attr(opset.NotUpgraded) == nil || schema.Readable(last) {
				t.Errorf("it is not marked:\n%s", rewritetest.Print(r.Model))
			}
		})
	}
}

// A model with control flow is not touched: neither are its nodes of old forms.
func TestCleanLeavesControlFlow(t *testing.T) {
	m := rewritetest.Parse(t, `opset 11; in x [N,3]; c bool[]; a = Clip(x, 0.0); y = If(c)`)
	m.Graph.Nodes[len(m.Graph.Nodes)-1].Attrs = []*graph.Attr{{Name: "then_branch", Value: &graph.Graph{}}}
	r := rewrite.Clean(m)
	if r.Model.Opset("") != 11 || len(r.Model.Graph.Nodes) != len(m.Graph.Nodes) {
		t.Errorf("cleaned to opset %d:\n%s", r.Model.Opset(""), rewritetest.Print(r.Model))
	}
}
