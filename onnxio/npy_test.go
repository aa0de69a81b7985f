package onnxio

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

var npyHeader = regexp.MustCompile(`'descr': '([^']+)', 'fortran_order': False, 'shape': \(([^)]*)\)`)

// readNPZ reads the float32 arrays of a .npz file of the golden data. (Package
// train/data reads all kinds, but onnxio does not know it.)
func readNPZ(t *testing.T, path string) map[string]*nn.Tensor {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	arrays := map[string]*nn.Tensor{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if a := decodeNPY(t, b); a != nil {
			arrays[strings.TrimSuffix(f.Name, ".npy")] = a
		}
	}
	return arrays
}

// decodeNPY reads one array, nil if it is not float32.
func decodeNPY(t *testing.T, b []byte) *nn.Tensor {
	t.Helper()
	start := 10 + int(binary.LittleEndian.Uint16(b[8:]))
	m := npyHeader.FindSubmatch(b[:start])
	if m == nil {
		t.Fatalf("array with header %q", b[:start])
	}
	if string(m[1]) != "<f4" {
		return nil
	}
	var shape []int
	for part := range strings.SplitSeq(string(m[2]), ",") {
		if d, err := strconv.Atoi(strings.TrimSpace(part)); err == nil {
			shape = append(shape, d)
		}
	}
	a := nn.NewTensor(shape...)
	if len(b)-start != 4*len(a.Data) {
		t.Fatalf("array of shape %v with %d bytes", shape, len(b)-start)
	}
	for i := range a.Data {
		a.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[start+4*i:]))
	}
	return a
}

// writeNPY writes a tensor as numpy.save does.
func writeNPY(t *testing.T, path string, a *nn.Tensor) {
	t.Helper()
	dims := ""
	for _, d := range a.Shape {
		dims += fmt.Sprint(d, ",")
	}
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", dims)
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00")
	b.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
	b.WriteString(header)
	if err := binary.Write(&b, binary.LittleEndian, a.Data); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}
