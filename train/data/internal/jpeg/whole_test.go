package jpeg

import (
	"bytes"
	gojpeg "image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

func TestEndsFindsEveryCut(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !Ends(bytes.NewReader(append(b, "more"...))) {
			t.Errorf("%s: no end", path)
		}
		for n := range b {
			if Ends(bytes.NewReader(b[:n])) {
				if _, err := gojpeg.Decode(bytes.NewReader(b[:n])); err != nil {
					t.Errorf("%s: an end in the first %d bytes of %d", path, n, len(b))
				}
			}
		}
	}
}

// A frame header of 16 × 8 pixels, with three components.
func frame(marker, sampling byte) []byte {
	return []byte{0xff, soi, 0xff, marker, 0, 17, 8, 0, 8, 0, 16, 3, 1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0}
}

func TestMemory(t *testing.T) {
	for name, c := range map[string]struct {
		head        []byte
		here, there int64
	}{
		"baseline":       {frame(sofBaseline, 0x11), 3 * 3 * 128, 3 * 128},
		"progressive":    {frame(sofProgressive, 0x11), 3 * 3 * 128, 5 * 3 * 128},
		"less of colour": {frame(sofBaseline, 0x22), 3 * 6 * 64, 6 * 64}, // a unit of 16 × 16 pixels
		"no frame":       {[]byte{0xff, soi, 0xff, eoi}, 0, 0},
	} {
		if here, there := Memory(c.head); here != c.here || there != c.there {
			t.Errorf("%s: %d and %d, want %d and %d", name, here, there, c.here, c.there)
		}
	}
}
