package graph

import (
	"slices"
	"testing"
)

func TestAttributeHelpersGiveValueOrDefault(t *testing.T) {
	n := &Node{Name: "conv1", OpType: "Conv", Attrs: []*Attr{
		IntAttr("group", 2), IntsAttr("pads", 1, 2), FloatAttr("alpha", 0.5), StringAttr("auto_pad", "VALID")}}
	for _, test := range []struct {
		name, suffix string
		ints         []int64
		i            int64
		f            float32
		s            string
	}{
		{"given", "", []int64{1, 2}, 2, 0.5, "VALID"},
		{"absent", "?", []int64{9}, 9, 9, "default"},
	} {
		i, err1 := n.Int("group"+test.suffix, 9)
		ints, err2 := n.Ints("pads"+test.suffix, []int64{9})
		f, err3 := n.Float("alpha"+test.suffix, 9)
		s, err4 := n.String("auto_pad"+test.suffix, "default")
		if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Fatal(test.name, err1, err2, err3, err4)
		}
		if i != test.i || !slices.Equal(ints, test.ints) || f != test.f || s != test.s {
			t.Errorf("%s: got %v %v %v %q", test.name, i, ints, f, s)
		}
	}
}

func TestAttributeOfAnotherKindIsAnErrorNamingNodeAndAttribute(t *testing.T) {
	n := &Node{Name: "conv1", OpType: "Conv", Attrs: []*Attr{FloatAttr("a", 1), TensorAttr("b", nil)}}
	unnamed := &Node{OpType: "Conv", Outputs: []string{"y"}, Attrs: n.Attrs}
	_, intErr := n.Int("a", 0)
	_, intsErr := n.Ints("a", nil)
	_, floatErr := n.Float("b", 0)
	_, stringErr := unnamed.String("a", "")
	for want, err := range map[string]error{
		`node "conv1" (Conv): attribute "a" is of kind FLOAT, it must be INT`:            intErr,
		`node "conv1" (Conv): attribute "a" is of kind FLOAT, it must be INTS`:           intsErr,
		`node "conv1" (Conv): attribute "b" is of kind TENSOR, it must be FLOAT`:         floatErr,
		`node (Conv) with output "y": attribute "a" is of kind FLOAT, it must be STRING`: stringErr,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestKindsHaveONNXsNames(t *testing.T) {
	for _, test := range []struct {
		value any
		kind  string
	}{
		{float32(1), "FLOAT"}, {int64(1), "INT"}, {"s", "STRING"}, {&Tensor{}, "TENSOR"}, {&Graph{}, "GRAPH"},
		{[]float32{}, "FLOATS"}, {[]int64{}, "INTS"}, {[]string{}, "STRINGS"}, {&Value{}, "TYPE_PROTO"}, {1, "UNDEFINED"},
	} {
		if got := (&Attr{Value: test.value}).Kind().String(); got != test.kind {
			t.Errorf("%T is %s, want %s", test.value, got, test.kind)
		}
	}
}

func TestOpsetKnowsBothSpellingsOfONNXsDomain(t *testing.T) {
	m := &Model{Opsets: []Opset{{"com.example", 3}, {"ai.onnx", 16}}}
	for domain, want := range map[string]int64{"": 16, "ai.onnx": 16, "com.example": 3, "other": 0} {
		if got := m.Opset(domain); got != want {
			t.Errorf("opset of %q is %d, want %d", domain, got, want)
		}
	}
}

func TestDimsPrintAsPeopleWriteThem(t *testing.T) {
	for _, test := range []struct {
		dim   Dim
		text  string
		known bool
	}{{Dim{Size: 3}, "3", true}, {Dim{Size: 0}, "0", true}, {Dim{Param: "N"}, "N", false}, {Dim{Size: -1}, "?", false}} {
		if test.dim.String() != test.text || test.dim.Known() != test.known {
			t.Errorf("%#v: %s %v, want %s %v", test.dim, test.dim, test.dim.Known(), test.text, test.known)
		}
	}
}
