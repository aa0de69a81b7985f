package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
)

// Decode reads what Encode wrote, and nothing else: the header must be that which Encode
// gives to what was read, and the checksum be right, so no bit can have changed, no byte be
// missing, and no two tensors overlap. The values are decoded at last, when nothing can be
// wrong with them.
func Decode(b []byte) (*File, error) {
	text, values, err := split(b)
	if err != nil {
		return nil, err
	}
	f, err := parse(text, len(values))
	if err != nil {
		return nil, err
	}
	if err := checkSum(b, text); err != nil {
		return nil, err
	}
	if !isHeaderOf(f, text) {
		return nil, errors.New("header: it is not written as this program writes it")
	}
	delete(f.Metadata, sumKey)
	for i := range f.Tensors {
		n := 4 * elements(f.Tensors[i].Shape)
		f.Tensors[i].Data, values = floats(values[:n]), values[n:]
	}
	return f, nil
}

// split gives the text of the header and the bytes of the values.
func split(b []byte) (text, values []byte, err error) {
	if len(b) < lengthSize {
		return nil, nil, fmt.Errorf("%d bytes are too few for a safetensors file", len(b))
	}
	n := binary.LittleEndian.Uint64(b)
	rest := b[lengthSize:]
	if n > uint64(min(len(rest), maxHeader)) {
		return nil, nil, fmt.Errorf("the header is said to have %d bytes; %d bytes follow, and %d is the limit", n, len(rest), maxHeader)
	}
	return rest[:n], rest[n:], nil
}

// parse reads a header, for values of so many bytes. The tensors are without their values.
func parse(text []byte, size int) (*File, error) {
	members, err := strictjson.Members(text)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	f := &File{Metadata: map[string]string{}}
	left, before, first := size, "", true
	for name, raw := range members {
		if name <= before && !first {
			return nil, fmt.Errorf("header: %.100q stands behind %.100q; need names in order, each once", name, before)
		}
		before, first = name, false
		if name == metadataKey {
			if err := strictjson.Decode(raw, &f.Metadata); err != nil {
				return nil, fmt.Errorf("header, %s: %w", name, err)
			}
			continue
		}
		n, shape, err := parseEntry(raw, size)
		if err != nil {
			return nil, fmt.Errorf("tensor %.100q: %w", name, err)
		}
		if left -= n; left < 0 {
			return nil, fmt.Errorf("tensor %.100q: together the tensors have more than the file's %d bytes of values", name, size)
		}
		f.Tensors = append(f.Tensors, Tensor{Name: name, Shape: shape})
	}
	if left > 0 {
		return nil, fmt.Errorf("%d bytes of values belong to no tensor", left)
	}
	return f, nil
}

// parseEntry reads how many bytes a tensor has and checks that they fill its shape.
func parseEntry(raw []byte, size int) (n int, shape []int, err error) {
	var e entry
	if err := strictjson.Decode(raw, &e); err != nil {
		return 0, nil, err
	}
	lo, hi := e.Offsets[0], e.Offsets[1]
	switch {
	case e.DType != dtype:
		return 0, nil, fmt.Errorf("dtype is %.40q, need %s", e.DType, dtype)
	case lo < 0 || hi < lo || hi > size:
		return 0, nil, fmt.Errorf("data_offsets %v are not in the file's %d bytes of values", e.Offsets, size)
	case len(e.Shape) > maxRank:
		return 0, nil, fmt.Errorf("%d dimensions; the most that is read is %d", len(e.Shape), maxRank)
	case !fills(e.Shape, hi-lo):
		return 0, nil, fmt.Errorf("shape %v does not fit %d bytes", e.Shape, hi-lo)
	}
	return hi - lo, e.Shape, nil
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

// checkSum holds a file to the checksum that its header states.
func checkSum(b, text []byte) error {
	at := sumPlace(text)
	if at < 0 {
		return errors.New("header: there is no checksum")
	}
	at += lengthSize
	h := sha256.New()
	h.Write(b[:at])
	h.Write([]byte(blankSum))
	h.Write(b[at+len(blankSum):])
	if stated := b[at : at+len(blankSum)]; hex.EncodeToString(h.Sum(nil)) != string(stated) {
		return fmt.Errorf("the content does not have the checksum %.16s… that it states", stated)
	}
	return nil
}

// isHeaderOf reports whether a text is the header that Encode gives to what was read from it.
func isHeaderOf(f *File, text []byte) bool {
	for part := range headerOf(f) {
		rest, ok := bytes.CutPrefix(text, part)
		if !ok {
			return false
		}
		text = rest
	}
	return len(text) == 0
}

func floats(b []byte) []float32 {
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}
