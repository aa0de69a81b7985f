package graph

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/fuzzrand"
)

// FuzzModel makes models, each byte of the input a choice: written and read, as one file and as
// two, they are the same, and written again they have the same bytes.
func FuzzModel(f *testing.F) {
	for i := range byte(20) {
		b := make([]byte, 60)
		for k := range b {
			b[k] = (i + 1) * byte(37*k+5)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g := modelMaker{fuzzrand.New(b), 0}
		m := &Model{IRVersion: 8, Producer: g.text(), Domain: g.text(), ModelVersion: int64(g.IntN(3) - 1), Doc: g.text(),
			Opsets: []Opset{{"", 16}, {"com.example", 1}}, Metadata: []Meta{{"k", g.text()}}}
		m.Graph = g.graph(2)
		written := m.Bytes()
		got, err := Read(written)
		if err != nil {
			t.Fatal(err)
		}
		compareModels(t, got, m)
		if !bytes.Equal(got.Bytes(), written) {
			t.Error("written, read and written again the bytes differ")
		}
		files, err := m.Files("net.onnx", true)
		if err != nil {
			t.Fatal(err)
		}
		if got, err = files.Read(); err != nil {
			t.Fatal(err)
		}
		compareModels(t, got, m)
		if again, err := got.Files("net.onnx", true); err != nil || !reflect.DeepEqual(again, files) {
			t.Errorf("written, read and written again the files differ, %v", err)
		}
	})
}

// modelMaker makes parts of models. Names of values are those of a counter.
type modelMaker struct {
	*rand.Rand
	names int
}

func (g *modelMaker) name() string {
	g.names++
	return fmt.Sprint("v", g.names)
}

func (g *modelMaker) text() string {
	return []string{"", "a", "ü \"quoted\"\nline", "\x00", "a/b", "looks:like{json}"}[g.IntN(6)]
}

func (g *modelMaker) graph(depth int) *Graph {
	r := &Graph{Name: g.text(), Doc: g.text()}
	var defined []string
	for range g.IntN(3) {
		r.Inputs = append(r.Inputs, g.value(g.name()))
	}
	for range g.IntN(4) {
		r.Initializers = append(r.Initializers, g.tensor(g.name()))
	}
	for _, v := range r.Inputs {
		v.Type = max(v.Type, Float)
		defined = append(defined, v.Name)
	}
	for _, t := range r.Initializers {
		defined = append(defined, t.Name)
	}
	for range 1 + g.IntN(4) {
		n := &Node{Name: g.text(), OpType: "Op" + fmt.Sprint(g.IntN(9)), Domain: []string{"", "ai.onnx", "com.example"}[g.IntN(3)], Doc: g.text()}
		for range g.IntN(3) {
			n.Inputs = append(n.Inputs, append(defined, "")[g.IntN(len(defined)+1)])
		}
		for i := range g.IntN(4) {
			n.Attrs = append(n.Attrs, &Attr{fmt.Sprint("a", i), g.attr(depth)})
		}
		n.Outputs = append(n.Outputs, g.name())
		r.Nodes, defined = append(r.Nodes, n), append(defined, n.Outputs[0])
	}
	r.Outputs = []*Value{g.value(defined[g.IntN(len(defined))])}
	for range g.IntN(2) {
		r.ValueInfo = append(r.ValueInfo, g.value(defined[len(defined)-1]))
	}
	return r
}

func (g *modelMaker) value(name string) *Value {
	v := &Value{Name: name, Type: DataType(g.IntN(int(Int2) + 1)), HasShape: g.IntN(3) > 0}
	if v.Type != Undefined && v.HasShape {
		v.Shape = []Dim{}
		for range g.IntN(5) {
			v.Shape = append(v.Shape, []Dim{{Size: 0}, {Size: 7}, {Size: -1}, {Size: -1, Param: "N"}}[g.IntN(4)])
		}
	}
	v.HasShape = v.Shape != nil
	return v
}

// tensor has up to 512 elements, so that some are large enough for a file of their own.
func (g *modelMaker) tensor(name string) *Tensor {
	t := &Tensor{Name: name, Type: DataType(1 + g.IntN(int(Int2)))}
	n := int64(1)
	for range g.IntN(4) {
		d := []int64{1, 2, 3, 8, 0}[g.IntN(5)]
		t.Dims = append(t.Dims, d)
		n *= d
	}
	if t.Type == String {
		for range n {
			t.Strings = append(t.Strings, g.text())
		}
		return t
	}
	if size := t.Type.rawSize(n); size > 0 {
		t.Raw = make([]byte, size)
		for i := range t.Raw {
			t.Raw[i] = byte(i*i + 3*i)
		}
	}
	return t
}

func (g *modelMaker) attr(depth int) any {
	switch g.IntN(9) {
	case 0:
		return []float32{0, 1.5, -1e-40}[g.IntN(3)]
	case 1:
		return []int64{0, -1, 1 << 62}[g.IntN(3)]
	case 2:
		return []string{"", "SAME_UPPER", "\xff\x00"}[g.IntN(3)]
	case 3:
		return g.tensor(g.text())
	case 4:
		return first(g.IntN(3), []float32{1, -2})
	case 5:
		return first(g.IntN(4), []int64{1, -2, 300})
	case 6:
		return first(g.IntN(3), []string{"a", ""})
	case 7:
		v := g.value("")
		v.Type = max(v.Type, Float)
		return v
	}
	if depth == 0 {
		return int64(3)
	}
	return g.graph(depth - 1)
}

// first is a list of the first n elements, nil if there are none as the reader gives it.
func first[T any](n int, of []T) []T {
	if n == 0 {
		return nil
	}
	return of[:n]
}
