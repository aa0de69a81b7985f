package graph

import (
	"bytes"
	"reflect"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func TestWhatIsWrittenReadsBackToTheSameModelAndBytes(t *testing.T) {
	for name, m := range map[string]*Model{"one of everything": sample(), "tiny": tiny(nil)} {
		t.Run(name, func(t *testing.T) {
			b := m.Bytes()
			if again := m.Bytes(); !bytes.Equal(b, again) {
				t.Fatal("writing twice gives different bytes")
			}
			got, err := Read(b)
			if err != nil {
				t.Fatal(err)
			}
			if again := got.Bytes(); !bytes.Equal(b, again) {
				t.Fatalf("write → read → write differs:\n%x\n%x", b, again)
			}
			compareModels(t, got, m)
		})
	}
}

// compareModels compares field by field, so that a field which both writer and
// reader forget is seen too.
func compareModels(t *testing.T, got, want *Model) {
	t.Helper()
	if got.Producer != want.Producer || got.ProducerVersion != want.ProducerVersion || got.IRVersion != want.IRVersion ||
		got.Domain != want.Domain || got.ModelVersion != want.ModelVersion || got.Doc != want.Doc {
		t.Errorf("model got %+v, want %+v", got, want)
	}
	if !reflect.DeepEqual(got.Opsets, want.Opsets) || !reflect.DeepEqual(got.Metadata, want.Metadata) {
		t.Errorf("opsets and metadata got %v %v, want %v %v", got.Opsets, got.Metadata, want.Opsets, want.Metadata)
	}
	g, w := got.Graph, want.Graph
	if g.Name != w.Name || g.Doc != w.Doc {
		t.Errorf("graph got %q %q, want %q %q", g.Name, g.Doc, w.Name, w.Doc)
	}
	same(t, "input", g.Inputs, w.Inputs)
	same(t, "output", g.Outputs, w.Outputs)
	same(t, "value_info", g.ValueInfo, w.ValueInfo)
	same(t, "initializer", g.Initializers, w.Initializers)
	same(t, "node", g.Nodes, w.Nodes)
}

func same[T any](t *testing.T, kind string, got, want []*T) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d of %s, want %d", len(got), kind, len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%s %d got %+v, want %+v", kind, i, got[i], want[i])
		}
	}
}

// Other writers pack lists, split packed lists, and leave out zeros (proto3).
func TestOtherSpellingsOfTheWireFormatReadTheSame(t *testing.T) {
	attr := func(fields ...[]byte) []byte {
		return msg(head(), sub(7, str(2, "g"), sub(11, str(1, "x"), sub(2, sub(1, num(1, 1)))), str(12, "\n\x01x"),
			sub(1, str(1, "x"), str(4, "Op"), sub(5, str(1, "a"), msg(fields...)))))
	}
	half := protowire.AppendFixed32(nil, 0x3f000000)
	tests := []struct {
		name string
		file []byte
		want any
	}{
		{"ints one by one", attr(num(20, 7), num(8, 1), num(8, -2)), []int64{1, -2}},
		{"ints packed", attr(num(20, 7), str(8, "\x01\x02")), []int64{1, 2}},
		{"ints packed in two pieces and one alone", attr(num(20, 7), str(8, "\x01\x02"), str(8, "\x03"), num(8, 4)), []int64{1, 2, 3, 4}},
		{"floats packed", attr(num(20, 6), sub(7, half, half)), []float32{0.5, 0.5}},
		{"no floats", attr(num(20, 6)), []float32(nil)},
		{"int left out", attr(num(20, 2)), int64(0)},
		{"float left out", attr(num(20, 1)), float32(0)},
		{"string left out", attr(num(20, 3)), ""},
		{"type after the value", attr(num(3, 5), num(20, 2)), int64(5)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Read(test.file)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Graph.Nodes[0].Attr("a").Value; !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %#v, want %#v", got, test.want)
			}
		})
	}
}

func TestAnnotationsThatDoNotComputeAreDropped(t *testing.T) {
	entry := msg(str(1, "stack"), str(2, "file.py, line 3"))
	value := func(name string) []byte {
		return msg(str(1, name), sub(2, sub(1, num(1, 1), sub(2, sub(1, num(1, 2), str(3, "DATA_BATCH")))), str(6, "TENSOR")), str(3, "doc"), sub(4, entry))
	}
	node := msg(str(1, "x"), str(2, "y"), str(4, "Op"), str(8, ""), sub(9, entry), sub(10, str(1, "gpu")),
		sub(5, str(1, "a"), num(3, 1), num(20, 2), str(13, "doc"), str(21, "")))
	tensor := msg(num(1, 1), num(2, 1), str(8, "w"), str(9, "abcd"), str(12, "doc"), sub(16, entry))
	b := msg(head(), sub(26, str(1, "gpu")), sub(7, str(2, "g"), sub(11, value("x")), sub(12, value("y")), sub(13, value("y")),
		sub(1, node), sub(5, tensor), sub(16, entry)))
	m, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	want := tiny(func(m *Model) {
		typed := func(name string) *Value {
			return &Value{Name: name, Type: Float, Shape: []Dim{{Size: 2}}, HasShape: true}
		}
		m.Graph.Inputs, m.Graph.Outputs, m.Graph.ValueInfo = []*Value{typed("x")}, []*Value{typed("y")}, []*Value{typed("y")}
		m.Graph.Nodes = []*Node{{OpType: "Op", Inputs: []string{"x"}, Outputs: []string{"y"}, Attrs: []*Attr{IntAttr("a", 1)}, Metadata: []Meta{{"stack", "file.py, line 3"}}}}
		m.Graph.Initializers = []*Tensor{{Name: "w", Type: Float, Dims: []int64{1}, Raw: []byte("abcd")}}
	})
	compareModels(t, m, want)
}
