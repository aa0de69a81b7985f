package graph

import "testing"

// What says that a BatchNormalization trains depends on the opset, and as one of inference it
// does not.
func TestTrainsNorm(t *testing.T) {
	norm := func(op string, attrs ...*Attr) *Node {
		return &Node{OpType: op, Inputs: []string{"x"}, Outputs: []string{"y"}, Attrs: attrs}
	}
	for _, c := range []struct {
		opset int64
		node  *Node
		want  bool
	}{
		{6, norm("BatchNormalization"), true},
		{6, norm("BatchNormalization", IntAttr("is_test", 1)), false},
		{6, norm("BatchNormalization", IntAttr("is_test", 0)), true},
		{7, norm("BatchNormalization"), false},
		{13, norm("BatchNormalization", IntAttr("training_mode", 1)), false},
		{13, &Node{OpType: "BatchNormalization", Outputs: []string{"y", "mean", "var"}}, true},
		{14, norm("BatchNormalization"), false},
		{14, norm("BatchNormalization", IntAttr("training_mode", 1), FloatAttr("epsilon", 1)), true},
		{15, &Node{OpType: "BatchNormalization", Outputs: []string{"y", "mean", "var"}}, false},
		{15, norm("InstanceNormalization", IntAttr("training_mode", 1)), false},
		{15, &Node{OpType: "BatchNormalization", Domain: "own", Outputs: []string{"y"}, Attrs: []*Attr{IntAttr("training_mode", 1)}}, false},
	} {
		attrs := len(c.node.Attrs)
		got, err := c.node.TrainsNorm(c.opset)
		if err != nil || got != c.want {
			t.Errorf("%v of opset %d: %v, %v, want %v", c.node, c.opset, got, err, c.want)
		}
		as := c.node.InferenceNorm(c.opset)
		if trains, err := as.TrainsNorm(c.opset); trains || err != nil || len(as.Outputs) != 1 || as.OpType != c.node.OpType {
			if c.node.Standard() {
				t.Errorf("%v of opset %d as one of inference: %v, trains %v, %v", c.node, c.opset, as, trains, err)
			}
		}
		if len(c.node.Attrs) != attrs {
			t.Errorf("%v was changed", c.node)
		}
	}
	for _, n := range []*Node{norm("BatchNormalization", FloatAttr("training_mode", 1)), norm("BatchNormalization", IntAttr("training_mode", 2))} {
		if trains, err := n.TrainsNorm(15); trains || err == nil {
			t.Errorf("%v trains: %v, %v", n.Attrs[0], trains, err)
		}
	}
}
