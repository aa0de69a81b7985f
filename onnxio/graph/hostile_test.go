package graph

import (
	"bytes"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
)

// tryRead reads b and reports a panic, both a value and an error, or a model
// that does not survive being written.
func tryRead(b []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	m, readErr := Read(b)
	if (m == nil) == (readErr == nil) {
		return fmt.Errorf("model %v and error %v, want one of them", m, readErr)
	}
	if m == nil {
		return nil
	}
	for _, t := range m.Graph.Initializers {
		readValues(t)
	}
	first := m.Bytes()
	again, readErr := Read(first)
	if readErr != nil {
		return fmt.Errorf("the model is refused after writing it: %w", readErr)
	}
	if second := again.Bytes(); !bytes.Equal(first, second) {
		return fmt.Errorf("write → read → write differs:\n%x\n%x", first, second)
	}
	return nil
}

// readValues reads the elements in all ways, which must not panic.
func readValues(t *Tensor) {
	_, _ = t.Float32s()
	_, _ = t.Float64s()
	_, _ = t.Int64s()
	_, _ = t.Uint64s()
	_, _ = t.Bools()
}

// big is the sample, padded with nodes to about 2 KB.
func big(t *testing.T) []byte {
	m := sample()
	for i := 0; len(m.Bytes()) < 2000; i++ {
		m.Graph.Nodes = append(m.Graph.Nodes, &Node{Name: fmt.Sprintf("pool%d", i), OpType: "MaxPool", Inputs: []string{"x"},
			Outputs: []string{fmt.Sprintf("p%d", i)}, Attrs: []*Attr{IntsAttr("kernel_shape", 2, 2), IntsAttr("strides", 2, 2)}})
	}
	b := m.Bytes()
	if _, err := Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// whole are the models to break: one of everything, and those with functions.
func whole(t *testing.T) map[string][]byte {
	files := map[string][]byte{"big": big(t)}
	for _, name := range []string{"onnxscript", "branches", "left-out", "overloads"} {
		b, err := os.ReadFile("../../testdata/golden/graph/functions/" + name + ".onnx")
		if err != nil {
			t.Fatal(err)
		}
		files[name] = b
	}
	return files
}

func TestNoPrefixOfAModelPanics(t *testing.T) {
	tried := 0
	for name, b := range whole(t) {
		for n := range b {
			if err := tryRead(b[:n]); err != nil {
				t.Fatalf("%s, the first %d bytes: %v", name, n, err)
			}
			tried++
		}
	}
	t.Logf("promise S1: %d prefixes of ONNX models read without a panic", tried)
}

func TestNoFlippedByteOfAModelPanics(t *testing.T) {
	var tried atomic.Int64
	t.Cleanup(func() { t.Logf("promise S1: %d ONNX models with a changed byte read without a panic", tried.Load()) })
	for name, model := range whole(t) {
		for _, flip := range []byte{0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff} {
			t.Run(fmt.Sprintf("%s %#x", name, flip), func(t *testing.T) {
				t.Parallel()
				b := bytes.Clone(model)
				for i := range b {
					b[i] ^= flip
					if err := tryRead(b); err != nil {
						t.Fatalf("byte %d flipped: %v", i, err)
					}
					b[i] ^= flip
				}
				tried.Add(int64(len(b)))
			})
		}
	}
}
