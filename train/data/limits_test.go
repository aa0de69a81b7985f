package data

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gonn-toolkit/gonn/nn"
)

// Every limit of limits.go, at which a file is accepted and above which it is refused.
func TestLimits(t *testing.T) {
	array := func(shape string) error {
		_, err := decode(npyOf("|u1", "False", shape, []byte{7}))
		return err
	}
	header := func(n int) error {
		text := "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }"
		b := append([]byte("\x93NUMPY\x02\x00"), byte(n), byte(n>>8), 0, 0)
		_, err := decode(append(append(b, text+strings.Repeat(" ", n-len(text))...), 7))
		return err
	}
	entries := func(n, most int) error {
		var list []entry
		for i := range n {
			list = append(list, entry{fmt.Sprint(i, ".npy"), []byte{1}})
		}
		b := npzOf(t, list...)
		_, err := openZip(bytes.NewReader(b), int64(len(b)), most)
		return err
	}
	name := func(n int) error {
		b := npzOf(t, entry{strings.Repeat("x", n), nil})
		_, err := openZip(bytes.NewReader(b), int64(len(b)), 1)
		return err
	}
	size := func(w, h, file int) error {
		return checkSize(image.Config{ColorModel: color.GrayModel, Width: w, Height: h}, int64(file))
	}
	set := func(w, h int) error {
		path := filepath.Join(writeFiles(t, map[string][]byte{"a.png": greyPNG(t, w, h, 0)}), "a.png")
		_, err := readPictureInfo(path, MaxSetPixels)
		return err
	}
	lines := func(n int) error {
		_, err := readClassNames(filepath.Join(writeFiles(t, map[string][]byte{"c": bytes.Repeat([]byte("c\n"), n)}), "c"))
		return err
	}
	long := func(n int) error {
		b := bytes.Repeat([]byte("fifteen letters\n"), MaxClasses+1)
		_, err := readClassNames(filepath.Join(writeFiles(t, map[string][]byte{"c": b[:n]}), "c"))
		return err
	}
	inflated := func(n int64) error {
		return (&idxHead{label: "x", dims: []int{int(n)}, need: n, size: 1000}).checkSize()
	}
	claimed := func(h uint16) error { // only the size counts, the pixels are damaged
		path := filepath.Join(writeFiles(t, map[string][]byte{"a": jpegClaiming(4096, h, 0xc0, 3, 0x11, 50)}), "a")
		if _, err := decodeFile(path); !strings.Contains(err.Error(), "invalid JPEG format") {
			return err
		}
		return nil
	}
	archive := func(n, file int64) error {
		return checkSizes([]*zip.File{{FileHeader: zip.FileHeader{UncompressedSize64: uint64(n)}}}, MaxBytes, file)
	}
	axis := func(n int) error {
		_, err := headIDX(fstest.MapFS{"x": {Data: zipped(idxFileOf(nil, uint32(n)))}}, "x", "x", 1)
		return err
	}
	limits := []struct {
		name      string
		at, above error
		want      string
	}{
		{"MaxBytes of an IDX file", axis(MaxBytes), axis(MaxBytes + 1), "need 1 to 1073741824"},
		{"MaxBytes of an archive", archive(MaxBytes, MaxBytes), archive(MaxBytes+1, MaxBytes), "hold more than the 1073741824 bytes"},
		{"MaxRank", array("(1,1,1,1,1,1,1,1)"), array("(1,1,1,1,1,1,1,1,1)"), "9 axes; the most that is read is 8"},
		{"maxHeader", header(maxHeader), header(maxHeader + 1), "a .npy header of 16385 bytes"},
		{"MaxArrays and maxEntries", entries(3, 3), entries(4, 3), "more than 3 arrays"},
		{"MaxName", name(MaxName), name(MaxName + 1), "an array's name of 4097 bytes"},
		{"MaxSide", size(MaxSide, 1, 1), size(MaxSide+1, 1, 1), "16385 × 1 pixels"},
		{"MaxPixels", size(8192, 8192, 1), size(8193, 8192, 1), "the largest that is read has 67108864 pixels"},
		{"MaxSetPixels", set(1024, 1024), set(1025, 1024), "the largest of a set has 1048576"},
		{"MaxClasses", lines(MaxClasses), lines(MaxClasses + 1), "more than 65536 lines"},
		{"maxNames", long(maxNames), long(maxNames + 1), "1048577 bytes; the longest list"},
		{"inflatable, of IDX files", inflated(inflatable(1000)), inflated(inflatable(1000) + 1), "the most that is inflated of a file of 1000 bytes is 67208864"},
		{"inflatable, of archives", archive(inflatable(1000), 1000), archive(inflatable(1000)+1, 1000), "the most that is inflated of a file of 1000 bytes is 67208864"},
		{"MaxSide of samples", loadable(MaxSide), loadable(MaxSide + 1), "cannot be loaded as samples of shape (1, 1, 16385)"},
		{"jpegBudget", claimed(3408), claimed(3416), "decoding its 4096 × 3416 pixels takes 41975808 bytes; the most"},
	}
	for _, l := range limits {
		if l.at != nil {
			t.Errorf("%s: at the limit: %v", l.name, l.at)
		}
		wantError(t, l.above, l.want)
	}
	t.Logf("promise S4: data: %d limits, each accepted and refused one above", len(limits))
}

// loadable is an error if no picture can be loaded as a sample of that width.
func loadable(width int) error {
	_, err := LoadImages(nn.Shape{1, 1, width})
	if err != nil && strings.Contains(err.Error(), "no labels") {
		return nil // no pictures were asked for
	}
	return err
}
