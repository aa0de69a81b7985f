// Package safetensors writes named float32 tensors and strings as a safetensors file,
// and reads such files back.
//
// The format is that of huggingface/safetensors: the length of the header (8 bytes,
// little-endian), the header (JSON), the values. The files of this package are
// stricter in two ways, which other readers need not know: the same content gives the
// same bytes, and __metadata__ has the SHA-256 of the file.
package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// File is the content of a safetensors file.
type File struct {
	// Metadata is free text. The key "sha256" is the package's own.
	Metadata map[string]string
	Tensors  []Tensor
}

// Tensor is a row-major float32 tensor.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// entry is a tensor in the header.
type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

const (
	dtype       = "F32"
	metadataKey = "__metadata__"
	sumKey      = "sha256"
	lengthSize  = 8
	align       = 8           // the header is padded so that the values are aligned
	maxHeader   = 100_000_000 // bytes, the format's own limit
)

// Encode gives the bytes of the file: tensors sorted by name, header keys too. Two
// tensors of one name, or values that do not fill a shape, are an error.
func Encode(f *File) ([]byte, error) {
	tensors := slices.SortedFunc(slices.Values(f.Tensors), func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) })
	header := map[string]any{}
	end := 0
	for _, t := range tensors {
		size := 1
		for _, d := range t.Shape {
			size *= d
		}
		if size != len(t.Data) {
			return nil, fmt.Errorf("tensor %q: %d values for shape %v", t.Name, len(t.Data), t.Shape)
		}
		if header[t.Name] != nil || t.Name == metadataKey {
			return nil, fmt.Errorf("tensor %q: the name is taken", t.Name)
		}
		header[t.Name] = entry{dtype, append([]int{}, t.Shape...), [2]int{end, end + 4*size}}
		end += 4 * size
	}
	// The sum is that of the file with zeros in its place.
	blank := strings.Repeat("0", 2*sha256.Size)
	metadata := map[string]string{sumKey: blank}
	for k, v := range f.Metadata {
		if k == sumKey {
			return nil, fmt.Errorf("metadata %q: the name is taken", k)
		}
		metadata[k] = v
	}
	header[metadataKey] = metadata
	out, err := assemble(header, tensors, end)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(out)
	metadata[sumKey] = hex.EncodeToString(sum[:])
	return assemble(header, tensors, end)
}

func assemble(header map[string]any, tensors []Tensor, size int) ([]byte, error) {
	text, err := json.Marshal(header) // sorts the keys
	if err != nil {
		return nil, err
	}
	for len(text)%align != 0 {
		text = append(text, ' ')
	}
	out := make([]byte, 0, lengthSize+len(text)+size)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(text)))
	out = append(out, text...)
	for _, t := range tensors {
		for _, v := range t.Data {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
		}
	}
	return out, nil
}

// Decode reads what Encode wrote, and nothing else: what was read must encode to the
// same bytes, checksum included, so no bit can have changed, no byte be missing, and no
// two tensors overlap.
func Decode(b []byte) (*File, error) {
	f, err := parse(b)
	if err != nil {
		return nil, err
	}
	sum := f.Metadata[sumKey]
	delete(f.Metadata, sumKey)
	again, err := Encode(f)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, b) {
		return nil, fmt.Errorf("the content does not have the checksum %.16s… that it states", sum)
	}
	return f, nil
}

// parse reads the header and the values, and checks as much as safety needs.
func parse(b []byte) (*File, error) {
	if len(b) < lengthSize {
		return nil, fmt.Errorf("%d bytes are too few for a safetensors file", len(b))
	}
	n := binary.LittleEndian.Uint64(b)
	rest := b[lengthSize:]
	if n > uint64(min(len(rest), maxHeader)) {
		return nil, fmt.Errorf("the header is said to have %d bytes; %d bytes follow, and %d is the limit", n, len(rest), maxHeader)
	}
	text, values := rest[:n], rest[n:]
	var header map[string]json.RawMessage
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	f := &File{Metadata: map[string]string{}}
	left := len(values)
	for name, raw := range header {
		if name == metadataKey {
			if err := json.Unmarshal(raw, &f.Metadata); err != nil {
				return nil, fmt.Errorf("header, %s: %w", name, err)
			}
			continue
		}
		lo, hi, shape, err := parseEntry(raw, len(values))
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		// Overlapping tensors could ask for far more memory than the file has bytes.
		if left -= hi - lo; left < 0 {
			return nil, fmt.Errorf("tensor %q: together the tensors have more than the file's %d bytes of values", name, len(values))
		}
		f.Tensors = append(f.Tensors, Tensor{name, shape, floats(values[lo:hi])})
	}
	return f, nil
}

// parseEntry reads where a tensor's values are and checks that they fill its shape.
func parseEntry(raw json.RawMessage, size int) (lo, hi int, shape []int, err error) {
	var e entry
	if err := json.Unmarshal(raw, &e); err != nil {
		return 0, 0, nil, err
	}
	lo, hi = e.Offsets[0], e.Offsets[1]
	if e.DType != dtype {
		return 0, 0, nil, fmt.Errorf("dtype is %q, need %s", e.DType, dtype)
	}
	if lo < 0 || hi < lo || hi > size {
		return 0, 0, nil, fmt.Errorf("data_offsets %v are not in the file's %d bytes of values", e.Offsets, size)
	}
	if !fills(e.Shape, hi-lo) {
		return 0, 0, nil, fmt.Errorf("shape %v does not fit %d bytes", e.Shape, hi-lo)
	}
	return lo, hi, e.Shape, nil
}

// fills divides instead of multiplying, because a product of dimensions could overflow.
func fills(shape []int, size int) bool {
	for _, d := range shape {
		if d < 1 || size%d != 0 {
			return false
		}
		size /= d
	}
	return size == 4
}

func floats(b []byte) []float32 {
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}
