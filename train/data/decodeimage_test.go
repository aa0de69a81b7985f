package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// jpegFile is a picture in the folder of the decoder that reads what image/jpeg
// refuses.
func jpegFile(t *testing.T, name string) []byte {
	t.Helper()
	return must(os.ReadFile(filepath.Join("internal", "jpeg", "testdata", name)))(t)
}

func TestOpenReadsJPEGsThatImageJPEGRefuses(t *testing.T) {
	odd, progressive := jpegFile(t, "chroma-differs.jpg"), jpegFile(t, "progressive-restart.jpg")
	files := map[string][]byte{"train/a/0.jpg": odd, "train/a/1.jpg": progressive, "train/a/2.png": pngOf(t, uniform(21, 13, color.Black)),
		"test/a/0.jpg": jpegFile(t, "ordinary.jpg")}
	set := must(Open(folderOf(t, "x", files)))(t)
	if !set.Train.Shape().Equal(nn.Shape{3, 13, 21}) || set.Train.Len() != 3 || set.Notes != nil {
		t.Errorf("%d pictures of shape %v, notes %q", set.Train.Len(), set.Train.Shape(), set.Notes)
	}
	for i := range 2 { // both are of the picture in ordinary.jpg
		for k, p := range set.Train.(*Images).Pixels(i) {
			if want := set.Test.(*Images).Pixels(0)[k]; max(p, want)-min(p, want) > 60 {
				t.Fatalf("picture %d: byte %d is %d, want about %d", i, k, p, want)
			}
		}
	}
	got := must(LoadImages(nn.Shape{3, 13, 21}, filepath.Join(folderOf(t, "y", files), "train", "a", "0.jpg")))(t)
	if got.SHA256() == "" || string(got.Pixels(0)) != string(set.Train.(*Images).Pixels(0)) {
		t.Error("LoadImages reads another picture")
	}
}

func TestOpenNamesADamagedJPEG(t *testing.T) {
	odd, ordinary := jpegFile(t, "chroma-differs.jpg"), jpegFile(t, "ordinary.jpg")
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"refused by image/jpeg and cut": {odd[:len(odd)-30], "0.jpg: damaged or truncated picture: jpeg: truncated"},
		"ordinary and cut":              {ordinary[:len(ordinary)-30], "0.jpg: damaged or truncated picture: invalid JPEG format"},
		"a header alone":                {odd[:20], "0.jpg: not a readable PNG or JPEG picture: unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(folderOf(t, "x", map[string][]byte{"a/0.jpg": tt.file, "a/1.jpg": ordinary}))
			wantError(t, err, tt.want)
		})
	}
}

// The time that a picture takes is bounded by its size: of small chunks there are not many, in
// front of the palette, where the header ends, or behind it.
func TestPicturesOfManyChunksAreRefused(t *testing.T) {
	for name, img := range map[string]image.Image{
		"grey.png":    image.NewGray(image.Rect(0, 0, 4, 4)),
		"palette.png": image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White}),
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		for n, want := range map[int]string{100: "", 1001: "more than 1000 chunks"} {
			if err := os.WriteFile(path, withEmptyChunks(b.Bytes(), n), 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := LoadImages(nn.Shape{1, 4, 4}, path)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s with %d chunks more: %v, want %q", name, n, err, want)
			}
		}
	}
}

// image/png gives pixels of colours that the palette does not have black.
func TestPixelsOutsideThePaletteAreRefused(t *testing.T) {
	for _, colours := range []int{2, 3, 5, 17, 255} { // of 1, 2, 4, 8 and 8 bits a pixel
		img := image.NewPaletted(image.Rect(0, 0, 4, 4), slices.Repeat(color.Palette{color.White}, colours))
		img.Pix[7] = uint8(colours - 1)
		b := pngOf(t, img)
		path := filepath.Join(t.TempDir(), "a.png")
		for less, want := range map[int]string{0: "", 1: fmt.Sprintf("a pixel has colour %d of the palette, which has %d colours", colours-1, colours-1)} {
			if err := os.WriteFile(path, withColours(b, colours-less), 0o666); err != nil {
				t.Fatal(err)
			}
			_, err := LoadImages(nn.Shape{1, 4, 4}, path)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%d of %d colours: %v, want %q", colours-less, colours, err, want)
			}
		}
	}
}

// withColours is a PNG file whose palette is cut to n colours.
func withColours(b []byte, n int) []byte {
	at := bytes.Index(b, []byte("PLTE"))
	body := b[at+4:][:3*n]
	rest := b[at+4+int(binary.BigEndian.Uint32(b[at-4:]))+4:]
	cut := binary.BigEndian.AppendUint32(slices.Clone(b[:at-4]), uint32(3*n))
	cut = append(append(cut, "PLTE"...), body...)
	cut = binary.BigEndian.AppendUint32(cut, crc32.ChecksumIEEE(cut[at:]))
	return append(cut, rest...)
}
