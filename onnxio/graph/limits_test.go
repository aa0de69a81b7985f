package graph

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// allocated is the memory that f takes in all. Nothing that is freed again is
// subtracted, so the peak is not larger.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// nested is a model whose graphs stand depth deep inside each other.
func nested(depth int) *Model {
	return tiny(func(m *Model) {
		for g := m.Graph; depth > 1; depth-- {
			inner := &Graph{Name: fmt.Sprint(depth)}
			g.Nodes = append(g.Nodes, &Node{OpType: "If", Attrs: []*Attr{{"then_branch", inner}}})
			g = inner
		}
	})
}

// chainOf is a model of n plain nodes, each with the names that exporters give.
func chainOf(n int) *Model {
	return tiny(func(m *Model) {
		m.Graph.Nodes = nil
		from := "x"
		for i := range n {
			to := fmt.Sprintf("/features/relu_%d/Relu_output_0", i)
			if i == n-1 {
				to = "y"
			}
			m.Graph.Nodes = append(m.Graph.Nodes, &Node{Name: fmt.Sprintf("/features/relu_%d/Relu", i), OpType: "Relu",
				Inputs: []string{from}, Outputs: []string{to}})
			from = to
		}
	})
}

func TestLimitsAreAcceptedAtTheLimitAndRefusedAbove(t *testing.T) {
	long := func(n int) string { return strings.Repeat("n", n) }
	nodes := func(n int) []byte {
		node := sub(1, str(4, "Op"))
		return body(bytes.Repeat(node, n))
	}
	chain := func(n int) []byte { return chainOf(n).Bytes() }
	initializers := func(n int) []byte {
		return tiny(func(m *Model) {
			for i := range n {
				m.Graph.Initializers = append(m.Graph.Initializers, &Tensor{Name: fmt.Sprint(i), Type: Float, Dims: []int64{0}})
			}
		}).Bytes()
	}
	change := func(f func(m *Model, n int)) func(n int) []byte {
		return func(n int) []byte { return tiny(func(m *Model) { f(m, n) }).Bytes() }
	}
	tests := []struct {
		name  string
		file  func(n int) []byte
		limit int
		want  string
	}{
		{"nodes", nodes, MaxNodes, "the model has more than 100000 nodes"},
		{"a chain of nodes", chain, MaxNodes, "the model has more than 100000 nodes"},
		{"initializers", initializers, MaxInitializers, "the model has more than 100000 initializers"},
		{"nesting", func(n int) []byte { return nested(n).Bytes() }, MaxNesting, "graphs stand more than 16 deep inside each other"},
		{"attributes", change(func(m *Model, n int) {
			for i := range n {
				m.Graph.Nodes[0].Attrs = append(m.Graph.Nodes[0].Attrs, IntAttr(fmt.Sprint(i), 1))
			}
		}), MaxAttributes, "it has 257 attributes, at most 256 are allowed"},
		{"rank of a shape", change(func(m *Model, n int) {
			m.Graph.Inputs[0].HasShape, m.Graph.Inputs[0].Shape = true, make([]Dim, n)
		}), MaxRank, "the shape has 9 dimensions, at most 8 are allowed"},
		{"rank of a tensor", change(func(m *Model, n int) {
			m.Graph.Initializers = []*Tensor{{Name: "w", Type: Float, Dims: make([]int64, n)}}
		}), MaxRank, "dims has 9 dimensions, at most 8 are allowed"},
		{"node name", change(func(m *Model, n int) { m.Graph.Nodes[0].Name = long(n) }), MaxNameLen, "name is 4097 bytes long, at most 4096 are allowed"},
		{"output name", change(func(m *Model, n int) { m.Graph.Nodes[0].Outputs = []string{"y", long(n)} }), MaxNameLen, "output is 4097 bytes long"},
		{"op_type", change(func(m *Model, n int) { m.Graph.Nodes[0].OpType = long(n) }), MaxNameLen, "op_type is 4097 bytes long"},
		{"initializer name", change(func(m *Model, n int) {
			m.Graph.Initializers = []*Tensor{Float32Tensor(long(n), nil, []float32{1})}
		}), MaxNameLen, "name is 4097 bytes long"},
		{"dim_param", change(func(m *Model, n int) {
			m.Graph.Inputs[0].HasShape, m.Graph.Inputs[0].Shape = true, []Dim{{Param: long(n)}}
		}), MaxNameLen, "dim_param is 4097 bytes long"},
		{"metadata key", change(func(m *Model, n int) { m.Metadata = []Meta{{long(n), ""}} }), MaxNameLen, "key is 4097 bytes long"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Read(test.file(test.limit)); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			m, err := Read(test.file(test.limit + 1))
			mustFail(t, m, err, test.want)
		})
	}
	t.Logf("promise S4: ONNX: %d limits, each accepted and refused one above", len(tests))
}

func TestElementsAreCountedIn64Bits(t *testing.T) {
	for _, test := range []struct {
		dims []int64
		n    int64 // -1 for an error
	}{
		{nil, 1},
		{[]int64{1 << 30, 1 << 25}, MaxElements},
		{[]int64{1 << 30, 1<<25 + 1}, -1},
		{[]int64{1 << 32, 1 << 32}, -1}, // 2⁶⁴ is 0 in 64 bits
		{[]int64{1 << 32, 1 << 32, 0}, 0},
		{[]int64{0, 1 << 62, 1 << 62}, 0},
		{[]int64{2, -1}, -1},
		{[]int64{0, -1}, -1},
	} {
		n, err := (&Tensor{Dims: test.dims}).elements()
		if (err != nil) != (test.n < 0) || err == nil && n != test.n || err != nil && n != 0 {
			t.Errorf("dims %v: %d, %v, want %d", test.dims, n, err, test.n)
		}
	}
}

func TestFileSizeIsCheckedBeforeTheFileIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.onnx")
	b := tiny(nil).Bytes()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readFile(path, int64(len(b))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	m, err := readFile(path, int64(len(b))-1)
	mustFail(t, m, err, "bytes long, at most")

	if err := os.Truncate(path, MaxFileSize+1); err != nil { // a hole, no blocks on the disk
		t.Fatal(err)
	}
	took := allocated(func() { m, err = ReadFile(path) })
	mustFail(t, m, err, path+": the file is 1073741825 bytes long, at most 1073741824 are allowed")
	if took > 1<<20 {
		t.Errorf("refusing the file took %d bytes of memory", took)
	}
}

// Each bomb is megabytes of the smallest thing that becomes something in memory.
// The file is there once already, so reading may take twice its size + 64 MiB,
// less 16 MiB for the Go runtime.
func TestBombsStayWithinTheMemoryBudget(t *testing.T) {
	const size = 7 << 20
	fill := func(unit []byte) []byte { return bytes.Repeat(unit, size/len(unit)) }
	empty := func(num protowire.Number) []byte { return fill(sub(num)) }
	distinct := func(num protowire.Number) []byte {
		var b []byte
		for i := 0; len(b) < size; i++ {
			b = append(b, str(num, fmt.Sprintf("%x", i))...)
		}
		return b
	}
	shape := sub(2, bytes.Repeat(sub(1), MaxRank))
	list := sub(5, str(1, "a"), num(20, 7), bytes.Repeat(num(8, 0), 100))
	const tooMuch = "reading it would take far more memory than the file is large"
	tests := []struct {
		name string
		file func() []byte
		want string // "" if the file is a model, for all its strangeness
	}{
		{"17 MB of nodes", func() []byte { return body(bytes.Repeat(sub(1), 17<<19)) }, "more than 100000 nodes"},
		{"17 MB of initializers", func() []byte { return body(bytes.Repeat(sub(5), 17<<19)) }, "more than 100000 initializers"},
		{"inputs", func() []byte { return body(empty(11)) }, tooMuch},
		{"value_info", func() []byte { return body(empty(13)) }, tooMuch},
		{"value_info of rank 8", func() []byte { return body(fill(sub(13, str(1, "a"), sub(2, sub(1, num(1, 1), shape))))) }, tooMuch},
		{"opset_import below the budget", func() []byte { return msg(num(1, 8), sub(7), bytes.Repeat(sub(8), 200_000)) }, "domain \"\" has version 0"},
		{"metadata_props", func() []byte { return empty(14) }, tooMuch},
		{"inputs of a node", func() []byte { return withNode(empty(1)) }, tooMuch},
		{"outputs of a node", func() []byte { return withNode(empty(2)) }, tooMuch},
		{"distinct outputs", func() []byte { return withNode(distinct(2)) }, tooMuch},
		{"attributes of a node", func() []byte { return withNode(empty(5)) }, "at most 256 are allowed"},
		{"nodes with 200 attributes", func() []byte {
			return body(fill(sub(1, str(4, "O"), bytes.Repeat(sub(5, str(1, "a"), num(20, 2)), 200))))
		}, "is there twice"},
		{"short lists of ints", func() []byte { return body(fill(sub(1, str(4, "O"), list))) }, ""},
		{"ints", func() []byte { return withAttr(num(20, 7), fill(num(8, 0))) }, ""},
		{"packed ints", func() []byte { return withAttr(num(20, 7), sub(8, make([]byte, size))) }, tooMuch},
		{"floats", func() []byte { return withAttr(num(20, 6), sub(7, make([]byte, size))) }, ""},
		{"strings", func() []byte { return withAttr(num(20, 8), empty(9)) }, tooMuch},
		{"dims", func() []byte { return withTensor(fill(num(1, 1)), num(2, 1)) }, "at most 8 are allowed"},
		{"string_data", func() []byte { return withTensor(num(1, size/2), num(2, 8), empty(6)) }, tooMuch},
		{"string_data of another count", func() []byte { return withTensor(num(1, 1), num(2, 8), empty(6)) }, "string_data holds 3670016"},
		{"float_data in pieces", func() []byte { return withTensor(num(1, size), num(2, 1), fill(sub(4, make([]byte, 4)))) }, "float_data holds"},
		{"int64_data in pieces", func() []byte { return withTensor(num(1, size/2), num(2, 7), fill(num(7, 0))) }, ""},
		{"external_data", func() []byte { return withTensor(num(1, 1), num(2, 1), num(14, 1), empty(13)) }, "the key is not known"},
		{"nesting", func() []byte { return nested(300).Bytes() }, "graphs stand more than 16 deep"},
		{"dims 2^40", func() []byte { return withTensor(num(1, 1<<40), num(2, 1)) }, "there is no data"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := test.file()
			var m *Model
			var err error
			took := allocated(func() { m, err = Read(file) })
			if limit := uint64(2*len(file)) + 48<<20; took > limit {
				t.Errorf("%d bytes of file took %d bytes of memory, want at most %d", len(file), took, limit)
			}
			if test.want != "" {
				mustFail(t, m, err, test.want)
			} else if err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
}
