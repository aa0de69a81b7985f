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
	"iter"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
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
	align       = 8 // the header is padded so that the values are aligned
)

// Limits on what is read.
const (
	maxHeader = 8 << 20 // bytes; the format's own limit is 100 MB
	maxRank   = 8
)

var blankSum = strings.Repeat("0", 2*sha256.Size)

// Encode gives the bytes of the file: tensors sorted by name, header keys too. Two
// tensors of one name, values that do not fill a shape and text that is not UTF-8 are errors.
func Encode(f *File) ([]byte, error) {
	sorted := &File{Metadata: map[string]string{sumKey: blankSum}}
	sorted.Tensors = slices.SortedFunc(slices.Values(f.Tensors), func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) })
	for k, v := range f.Metadata {
		if k == sumKey {
			return nil, fmt.Errorf("metadata %q: the name is taken", k)
		}
		if !utf8.ValidString(k) || !utf8.ValidString(v) {
			return nil, fmt.Errorf("metadata %q: %q: it is not UTF-8, which JSON must be", k, v)
		}
		sorted.Metadata[k] = v
	}
	size := 0
	for i, t := range sorted.Tensors {
		if i > 0 && sorted.Tensors[i-1].Name == t.Name || t.Name == metadataKey {
			return nil, fmt.Errorf("tensor %q: the name is taken", t.Name)
		}
		if !utf8.ValidString(t.Name) {
			return nil, fmt.Errorf("tensor %q: the name is not UTF-8", t.Name)
		}
		n := elements(t.Shape)
		if n != len(t.Data) {
			return nil, fmt.Errorf("tensor %q: %d values for shape %v", t.Name, len(t.Data), t.Shape)
		}
		size += 4 * n
	}
	var text []byte
	for part := range headerOf(sorted) {
		text = append(text, part...)
	}
	out := make([]byte, 0, lengthSize+len(text)+size)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(text)))
	out = append(out, text...)
	for _, t := range sorted.Tensors {
		for _, v := range t.Data {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
		}
	}
	// The sum is that of the file with zeros in its place.
	sum := sha256.Sum256(out)
	hex.Encode(out[lengthSize+sumPlace(text):], sum[:])
	return out, nil
}

// headerOf gives the text of a header in parts: the members of the object sorted by name,
// tensors one after the other, and the padding.
func headerOf(f *File) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		size, end, before := 0, 0, byte('{')
		member := func(name string, value any) bool {
			key, _ := json.Marshal(name) // text and integers, which cannot fail
			text, _ := json.Marshal(value)
			part := slices.Concat([]byte{before}, key, []byte{':'}, text)
			before = ','
			size += len(part)
			return yield(part)
		}
		described := false
		for _, t := range f.Tensors {
			if !described && t.Name > metadataKey {
				if described = true; !member(metadataKey, f.Metadata) {
					return
				}
			}
			from := end
			end += 4 * elements(t.Shape)
			if !member(t.Name, entry{dtype, append([]int{}, t.Shape...), [2]int{from, end}}) {
				return
			}
		}
		if !described && !member(metadataKey, f.Metadata) {
			return
		}
		padding := (align - (size+1)%align) % align
		yield([]byte("}" + strings.Repeat(" ", padding)))
	}
}

func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// sumPlace is where the digits of the checksum stand in a header, -1 if there is none.
func sumPlace(text []byte) int {
	mark := []byte(`"` + sumKey + `":"`)
	if at := bytes.Index(text, mark); at >= 0 && at+len(mark)+len(blankSum) <= len(text) {
		return at + len(mark)
	}
	return -1
}
