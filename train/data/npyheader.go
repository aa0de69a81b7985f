package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
)

// npyMagic begins every .npy file.
const npyMagic = "\x93NUMPY"

// npyHeader says what the elements of a .npy array are.
type npyHeader struct {
	descr   string // NumPy's spelling of the element type, such as "<f4"
	fortran bool   // the first index runs fastest
	shape   []int
	size    int64 // bytes of the file before the elements
}

// readHeader reads everything before the elements. The text is a Python dict of the
// keys descr, fortran_order and shape, in any order and with any blanks, as NumPy
// reads it.
func readHeader(r io.Reader) (*npyHeader, error) {
	text, size, err := readHeaderText(r)
	if err != nil {
		return nil, err
	}
	value, err := parseLiteral(text)
	if err != nil {
		return nil, fmt.Errorf("the .npy header is no Python dict: %w: %.120q", err, text)
	}
	dict, _ := value.(map[string]any)
	if keys := slices.Sorted(maps.Keys(dict)); !slices.Equal(keys, []string{"descr", "fortran_order", "shape"}) {
		return nil, fmt.Errorf("the .npy header has the keys %.120q; need descr, fortran_order and shape", keys)
	}
	h := &npyHeader{size: size}
	var ok bool
	if h.fortran, ok = dict["fortran_order"].(bool); !ok {
		return nil, fmt.Errorf("the .npy header has fortran_order %.40q; need True or False", fmt.Sprint(dict["fortran_order"]))
	}
	if h.descr, ok = dict["descr"].(string); !ok {
		return nil, fmt.Errorf("elements of a record type; need %s", readTypes)
	}
	if h.shape, err = shapeOf(dict["shape"]); err != nil {
		return nil, err
	}
	return h, nil
}

func shapeOf(v any) ([]int, error) {
	axes, ok := v.(pyTuple)
	if !ok {
		return nil, fmt.Errorf("the .npy header has shape %.40q; need a tuple such as (2, 3)", fmt.Sprint(v))
	}
	if len(axes) > MaxRank {
		return nil, fmt.Errorf("%d axes; the most that is read is %d", len(axes), MaxRank)
	}
	var shape []int
	for _, a := range axes {
		d, ok := a.(int64)
		if !ok || d < 0 {
			return nil, fmt.Errorf("the .npy header has an axis of length %.40q; need whole numbers from 0", fmt.Sprint(a))
		}
		if d > MaxBytes {
			return nil, fmt.Errorf("an axis of length %d takes more than the %d bytes that are read", d, MaxBytes)
		}
		shape = append(shape, int(d))
	}
	return shape, nil
}

// readHeaderText reads the header's text and gives its size with all before it.
func readHeaderText(r io.Reader) (text string, size int64, err error) {
	head := make([]byte, 10, 12)
	if _, err := io.ReadFull(r, head); err != nil {
		return "", 0, fmt.Errorf("truncated in the first 10 bytes of a .npy array")
	}
	if !bytes.Equal(head[:6], []byte(npyMagic)) {
		return "", 0, fmt.Errorf("starts with % x; need a .npy array, % x", head[:6], npyMagic)
	}
	length := int64(binary.LittleEndian.Uint16(head[8:]))
	switch version := [2]byte(head[6:8]); version {
	case [2]byte{1, 0}:
	case [2]byte{2, 0}, [2]byte{3, 0}:
		head = head[:12]
		if _, err := io.ReadFull(r, head[10:]); err != nil {
			return "", 0, fmt.Errorf("truncated in the first 12 bytes of a .npy array")
		}
		length = int64(binary.LittleEndian.Uint32(head[8:]))
	default:
		return "", 0, fmt.Errorf(".npy format %d.%d; need 1.0, 2.0 or 3.0", version[0], version[1])
	}
	if length > maxHeader {
		return "", 0, fmt.Errorf("a .npy header of %d bytes; the most that is read is %d", length, maxHeader)
	}
	raw := make([]byte, length)
	if n, err := io.ReadFull(r, raw); err != nil {
		return "", 0, fmt.Errorf("truncated: got %d of %d bytes of the .npy header", n, length)
	}
	return string(raw), int64(len(head)) + length, nil
}
