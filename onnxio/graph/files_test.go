package graph

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// large is the sample with initializers of ExternalFrom bytes and more, two of which
// share their data, in a nested graph too; and with large data that cannot leave the
// model: packed, and of an attribute.
func large() *Model {
	floats := func(name string, n int, v float32) *Tensor {
		return Float32Tensor(name, []int64{int64(n)}, slices.Repeat([]float32{v}, n))
	}
	const n = ExternalFrom / 4
	m := sample()
	shared := *floats("first", 3*n, 1)
	shared.Name = "second"
	twice := floats("first", 3*n, 1)
	shared.Raw = twice.Raw
	packed := &Tensor{Name: "packed", Type: Int64, Dims: []int64{8 * n}, packed: bytes.Repeat([]byte{5}, 8*n)}
	m.Graph.Initializers = append(m.Graph.Initializers, twice, floats("below", n-1, 2), floats("at", n, 3), &shared, packed)
	inner := &Graph{Name: "inner", Initializers: []*Tensor{floats("innermost", 2*n, 4)}}
	m.Graph.Nodes = append(m.Graph.Nodes, &Node{OpType: "Loop", Attrs: []*Attr{{"body", inner}, TensorAttr("value", floats("", 2*n, 5))}})
	return m
}

func TestFilesReadBackToTheSameModel(t *testing.T) {
	for name, test := range map[string]struct {
		model    *Model
		external bool
		data     int // bytes of the data file
	}{
		"inside":                    {large(), false, 0},
		"nothing large":             {sample(), true, 0},
		"outside":                   {large(), true, 2*page + 2*ExternalFrom},
		"no graph and nothing else": {&Model{}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := test.model
			f, err := m.Files("net.onnx", test.external)
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Data) != test.data || (f.DataName == "net.onnx.data") != (test.data > 0) || f.Name != "net.onnx" {
				t.Fatalf("%q and %d bytes of %q, want %d", f.Name, len(f.Data), f.DataName, test.data)
			}
			if test.data == 0 && !bytes.Equal(f.Model, m.Bytes()) {
				t.Error("the model file is not what Bytes gives")
			}
			if again, err := m.Files("net.onnx", test.external); err != nil || !reflect.DeepEqual(again, f) {
				t.Errorf("writing twice gives different files, %v", err)
			}
			if m.Graph == nil {
				return
			}
			dir := t.TempDir()
			for name, b := range f.All() {
				write(t, filepath.Join(dir, name), b)
			}
			got, err := f.Read()
			if err != nil {
				t.Fatal(err)
			}
			compareModels(t, got, m)
			got, err = ReadFile(filepath.Join(dir, "net.onnx"))
			if err != nil {
				t.Fatal(err)
			}
			compareModels(t, got, m)
			if again, err := got.Files("net.onnx", test.external); err != nil || !reflect.DeepEqual(again, f) {
				t.Errorf("write → read → write gives different files, %v", err)
			}
			if !bytes.Equal(got.Bytes(), m.Bytes()) {
				t.Error("the model read from its folder gives other bytes")
			}
		})
	}
}

// The model names its data by any name, and is the same otherwise.
func TestModelNamesItsData(t *testing.T) {
	f, err := large().Files("net.onnx", true)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := f.ModelNaming(f.DataName); err != nil || !bytes.Equal(b, f.Model) {
		t.Errorf("by the usual name: other bytes, %v", err)
	}
	moved := Files{Name: f.Name, DataName: ".net.onnx.1", Data: f.Data}
	if moved.Model, err = f.ModelNaming(moved.DataName); err != nil {
		t.Fatal(err)
	}
	got, err := moved.Read()
	if err != nil {
		t.Fatal(err)
	}
	compareModels(t, got, large())
	f.Data = f.Data[1:]
	if _, err := f.ModelNaming("a"); err == nil {
		t.Error("no error for other data")
	}
}

func TestDataBeginsAtPagesAndIsSharedAsInTheModel(t *testing.T) {
	m := large()
	l := m.layout("w")
	at := map[string]int64{}
	for tensor, offset := range l.at {
		at[tensor.Name] = offset
	}
	// first and second have 3·ExternalFrom bytes, which is less than a page.
	want := map[string]int64{"first": 0, "second": 0, "at": page, "innermost": 2 * page}
	if !reflect.DeepEqual(at, want) {
		t.Errorf("offsets %v, want %v", at, want)
	}
}

// Tensors that share their data stand for many without taking memory.
func TestLargeModelsAreWrittenWithADataFile(t *testing.T) {
	raw := make([]byte, 32<<20)
	shares := func(n, step int) *Model {
		return tiny(func(m *Model) {
			for i := range n {
				m.Graph.Initializers = append(m.Graph.Initializers, &Tensor{Name: fmt.Sprint(i), Type: Uint8,
					Dims: []int64{int64(len(raw) - i*step)}, Raw: raw[i*step:]})
			}
		})
	}
	m := shares(33, 0)
	f, err := m.Files("a", false)
	if err != nil || f.DataName != "a.data" || len(f.Data) != len(raw) || len(f.Model) > 1<<14 {
		t.Fatalf("a model of 1.03 GiB: %v", err)
	}
	if f, err := shares(1, 0).Files("a", false); err != nil || f.DataName != "" {
		t.Errorf("a model of 32 MiB: %v", err)
	}
	f, err = shares(130, 1).Files("a", false)
	mustFail(t, f, err, fmt.Sprintf("bytes of data, at most %d are allowed", MaxExternalSize))
	inside := tiny(func(m *Model) { // a Constant keeps its data
		for range 33 {
			m.Graph.Nodes = append(m.Graph.Nodes, &Node{OpType: "Constant", Attrs: []*Attr{TensorAttr("value", &Tensor{Type: Uint8, Raw: raw})}})
		}
	})
	f, err = inside.Files("a", true)
	mustFail(t, f, err, "the model file would be 1107")
}

func TestNamesOfFilesStayInTheFolder(t *testing.T) {
	for _, name := range []string{"", ".", "..", "a/b", "/a", `a\b`, "a\x00", "\xff"} {
		f, err := large().Files(name, true)
		mustFail(t, f, err, "cannot be the name of a model file")
	}
	for _, name := range []string{"a", "..a", ".onnx", "ein Netz ü.onnx"} {
		f, err := large().Files(name, true)
		if err != nil || f.DataName != name+".data" {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if _, err := f.Read(); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestTheModelIsTheLastOfItsFiles(t *testing.T) {
	for external, want := range map[bool][]string{false: {"net.onnx"}, true: {"net.onnx.data", "net.onnx"}} {
		f, err := large().Files("net.onnx", external)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= len(want); n++ { // stopping after each
			var names []string
			for name, b := range f.All() {
				if names = append(names, name); len(b) == 0 {
					t.Errorf("%s is empty", name)
				}
				if len(names) == n {
					break
				}
			}
			if !slices.Equal(names, want[:n]) {
				t.Errorf("files %v, want %v", names, want[:n])
			}
		}
	}
}

// A careless copy, or a crash, leaves the old model beside the new data.
func TestAModelRefusesTheDataOfAnother(t *testing.T) {
	m := large()
	old, err := m.Files("net.onnx", true)
	if err != nil {
		t.Fatal(err)
	}
	m.Graph.Initializers[8].Raw[0]++
	f, err := m.Files("net.onnx", true)
	if err != nil {
		t.Fatal(err)
	}
	old.Data = f.Data
	got, err := old.Read()
	mustFail(t, got, err, `external data "net.onnx.data": the file's SHA-1 is `)
	old.Data = old.Data[:100]
	got, err = old.Read()
	mustFail(t, got, err, "are beyond the end of the file, which has 100")
	old.DataName = "other"
	got, err = old.Read()
	mustFail(t, got, err, `external data "net.onnx.data": the only data file is "other"`)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "net.onnx"), old.Model)
	write(t, filepath.Join(dir, "net.onnx.data"), f.Data)
	got, err = ReadFile(filepath.Join(dir, "net.onnx"))
	mustFail(t, got, err, "it is not the file that the model was written with")
	if !strings.HasPrefix(err.Error(), dir) {
		t.Errorf("the error %q does not begin with the path", err)
	}
}
