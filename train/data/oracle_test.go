package data

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// What hostile files hold is read a second time, without the readers of this package.

// plainIDX reads an IDX file of bytes.
func plainIDX(path string) (dims []int, elements []byte, err error) {
	b, err := os.ReadFile(path)
	if err == nil && bytes.HasPrefix(b, []byte("\x1f\x8b")) {
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(b)); err == nil {
			b, err = io.ReadAll(z)
		}
	}
	if err != nil || len(b) < 4 || !bytes.HasPrefix(b, []byte{0, 0, 8}) || len(b) < 4+4*int(b[3]) {
		return nil, nil, fmt.Errorf("%s: no IDX file: %w", path, err)
	}
	n := 1
	for i := range int(b[3]) {
		dims = append(dims, int(binary.BigEndian.Uint32(b[4+4*i:])))
		n *= dims[i]
	}
	if elements = b[4+4*len(dims):]; len(elements) != n {
		return nil, nil, fmt.Errorf("%s: %d elements for %v", path, len(elements), dims)
	}
	return dims, elements, nil
}

// checkIDX holds a set to the files that it was read from.
func checkIDX(dir string, set *Set) error {
	for prefix, part := range map[string]nn.Samples{"train": set.Train, "t10k": set.Test} {
		names, err := filepath.Glob(filepath.Join(dir, prefix+"-*"))
		if err != nil || len(names) != 2 { // images, then labels
			return fmt.Errorf("%v, %w", names, err)
		}
		dims, pixels, errImages := plainIDX(names[0])
		_, labels, errLabels := plainIDX(names[1])
		if err := errors.Join(errImages, errLabels); err != nil {
			return err
		}
		m := part.(*Images)
		if m.Len() != dims[0] || m.Len() != len(labels) || m.Shape().Size()*m.Len() != len(pixels) || !bytes.Equal(m.pixels, pixels) {
			return fmt.Errorf("%s: %d pictures of shape %v, the file has %v", names[0], m.Len(), m.Shape(), dims)
		}
		for i, l := range labels {
			if m.Label(i) != int(l) {
				return fmt.Errorf("label %d is %d, the file has %d", i, m.Label(i), l)
			}
		}
	}
	return nil
}

var (
	descrText   = regexp.MustCompile(`descr['"]\s*:\s*u?['"]([^'"]*)['"]`)
	fortranText = regexp.MustCompile(`fortran_order['"]\s*:\s*(True|False)`)
	shapeText   = regexp.MustCompile(`shape['"]\s*:\s*\(([^()]*)\)`)
)

// last is the last match of a pattern, for in a Python dict the last of two equal keys counts.
func last(pattern *regexp.Regexp, text []byte) string {
	all := pattern.FindAllSubmatch(text, -1)
	if len(all) == 0 {
		return "none"
	}
	return string(all[len(all)-1][1])
}

// checkNPY holds an array in C order to the bytes that it was read from.
func checkNPY(b []byte, a *Array) error {
	if len(b) < 12 || string(b[:6]) != npyMagic {
		return errors.New("no .npy array")
	}
	text := b[10 : 10+int(binary.LittleEndian.Uint16(b[8:]))]
	if b[6] > 1 {
		text = b[12 : 12+int(binary.LittleEndian.Uint32(b[8:]))]
	}
	var shape []int
	for part := range strings.SplitSeq(last(shapeText, text), ",") {
		if part = strings.TrimSuffix(strings.TrimSpace(part), "L"); part != "" {
			d, err := strconv.Atoi(part)
			if err != nil {
				return err
			}
			shape = append(shape, d)
		}
	}
	if !slices.Equal(shape, a.Shape) || last(fortranText, text) != "False" {
		return fmt.Errorf("shape %v, the header is %q", a.Shape, text)
	}
	values, elements := a.Float64s(), b[len(b)-len(bytes.SplitAfterN(b, text, 2)[1]):]
	if len(values) == 0 {
		return nil
	}
	width := len(elements) / len(values)
	for i, v := range values {
		want, err := plainNumber(last(descrText, text), elements[i*width:(i+1)*width])
		if err != nil || v != want && !(math.IsNaN(v) && math.IsNaN(want)) {
			return fmt.Errorf("element %d is %v, the file has %v, %w", i, v, want, err)
		}
	}
	return nil
}

// plainNumber is the value of an element of a type such as "<f4".
func plainNumber(descr string, b []byte) (float64, error) {
	b = slices.Clone(b)
	if strings.HasPrefix(descr, ">") {
		slices.Reverse(b)
	}
	kind := strings.TrimLeft(descr, "<>=|")
	if name, ok := otherNames[kind]; ok {
		kind = name
	}
	if kind == "" || kind[1:] != strconv.Itoa(len(b)) {
		return 0, fmt.Errorf("%d bytes of %q", len(b), descr)
	}
	u := binary.LittleEndian.Uint64(append(b, make([]byte, 8)...))
	shift := 64 - 8*uint(kind[1]-'0')
	switch kind[0] {
	case 'f':
		switch kind[1] {
		case '8':
			return math.Float64frombits(u), nil
		case '4':
			return float64(math.Float32frombits(uint32(u))), nil
		}
		return float64(half(uint16(u))), nil
	case 'u':
		return float64(int64(u)), nil
	case 'i':
		return float64(int64(u<<shift) >> shift), nil
	case 'b':
		return float64(min(u, 1)), nil
	}
	return 0, fmt.Errorf("elements of type %q", descr)
}

// checkNPZ holds arrays to the entries of an archive.
func checkNPZ(path string, arrays map[string]*Array) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	if len(z.File) != len(arrays) {
		return fmt.Errorf("%d arrays of %d entries", len(arrays), len(z.File))
	}
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err == nil {
			err = checkNPY(b, arrays[strings.TrimSuffix(e.Name, ".npy")])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return nil
}

// checkPicture holds pixels at a picture's own size to what Go's decoders say.
func checkPicture(path string, pixels []byte, shape nn.Shape) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		if isJPEG(f) {
			return nil // the decoder of our own has tests of its own
		}
		return err
	}
	r := img.Bounds()
	for i := range r.Dx() * r.Dy() {
		c := color.RGBAModel.Convert(img.At(r.Min.X+i%r.Dx(), r.Min.Y+i/r.Dx())).(color.RGBA)
		want := int(c.R) + 255 - int(c.A) // over white
		if got := int(pixels[i]); shape[0] == 3 && (got < want-1 || got > want+1) {
			return fmt.Errorf("pixel %d has red %d, want %d", i, got, want)
		}
	}
	if r.Dy() != shape[1] || r.Dx() != shape[2] {
		return fmt.Errorf("shape %v of a picture of %d × %d", shape, r.Dx(), r.Dy())
	}
	return nil
}
