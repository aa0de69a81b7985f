package jpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	gojpeg "image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// refused are the pictures in testdata that image/jpeg of Go 1.26 refuses: with all
// others the two are held against each other.
var refused = []string{"chroma-differs", "chroma-differs-progressive", "chroma-finer", "one-by-four", "three", "progressive-restart"}

func files(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	paths, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(paths) != 9 {
		t.Fatalf("%d pictures, %v; want 9", len(paths), err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".jpg")] = b
	}
	return all
}

// apart is the largest difference of two pictures in a channel.
func apart(a, b image.Image) (most int) {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p, q := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				most = max(most, d, -d)
			}
		}
	}
	return most
}

// ppm reads what djpeg wrote.
func ppm(t *testing.T, path string) image.Image {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kind string
	var w, h, most int
	if _, err := fmt.Sscan(string(b[:15]), &kind, &w, &h, &most); err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	channels := map[string]int{"P5": 1, "P6": 3}[kind]
	p := b[len(b)-w*h*channels:]
	for i := range w * h {
		img.Set(i%w, i/w, color.RGBA{p[i*channels], p[i*channels+channels/2], p[(i+1)*channels-1], 255})
	}
	return img
}

func TestDecodeAgreesWithLibjpeg(t *testing.T) {
	for name, b := range files(t) {
		t.Run(name, func(t *testing.T) {
			got, err := Decode(b)
			if err != nil {
				t.Fatal(err)
			}
			want := ppm(t, "testdata/"+name+".ppm")
			if got.Bounds() != want.Bounds() || apart(got, want) > 2 {
				t.Errorf("%v and %v, %d apart", got.Bounds(), want.Bounds(), apart(got, want))
			}
			cfg, err := DecodeConfig(b)
			if err != nil || cfg.Width != 21 || cfg.Height != 13 || cfg.ColorModel != got.ColorModel() {
				t.Errorf("%v, %v", cfg, err)
			}
			theirs, err := gojpeg.Decode(bytes.NewReader(b))
			if refused := slices.Contains(refused, name); refused != (err != nil) {
				t.Errorf("image/jpeg: %v", err)
			} else if !refused && apart(got, theirs) > 2 {
				t.Errorf("%d from image/jpeg", apart(got, theirs))
			}
		})
	}
}

func TestDecodeAgreesWithImageJPEG(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {8, 8}, {17, 33}, {100, 7}} {
		img, grey := image.NewRGBA(image.Rect(0, 0, size[0], size[1])), image.NewGray(image.Rect(0, 0, size[0], size[1]))
		for i := range img.Pix {
			img.Pix[i] = byte(i * i / 7)
		}
		for i := range grey.Pix {
			grey.Pix[i] = byte(i * 5)
		}
		for _, quality := range []int{1, 50, 100} {
			for _, m := range []image.Image{img, grey} {
				var b bytes.Buffer
				if err := gojpeg.Encode(&b, m, &gojpeg.Options{Quality: quality}); err != nil {
					t.Fatal(err)
				}
				got, err := Decode(b.Bytes())
				if err != nil {
					t.Fatal(err)
				}
				want, _ := gojpeg.Decode(&b)
				if d := apart(got, want); d > 3 {
					t.Errorf("%v at quality %d: %d apart", size, quality, d)
				}
			}
		}
	}
}

// No change of a bit and no cut makes it panic, and what it gives has the size that the
// header says.
func TestDecodeNeverPanics(t *testing.T) {
	for name, b := range files(t) {
		for i := range b {
			if _, err := Decode(b[:i]); err == nil {
				t.Errorf("%s: %d of %d bytes are enough", name, i, len(b))
			}
			for bit := range 8 {
				changed := slices.Clone(b)
				changed[i] ^= 1 << bit
				check(t, changed)
			}
		}
	}
}

func check(t *testing.T, b []byte) {
	if cfg, err := DecodeConfig(b); err != nil || cfg.Width*cfg.Height > 1<<20 {
		return
	}
	img, err := Decode(b)
	if (img == nil) == (err == nil) {
		t.Errorf("picture %v, error %v", img, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, b := range files(f) {
		f.Add(b)
	}
	f.Fuzz(check)
}

// A small file that claims a large picture is refused before memory is taken.
func TestDecodeTakesNoMemoryForPixelsThatAreNotThere(t *testing.T) {
	b := slices.Clone(files(t)["chroma-differs"])
	at := bytes.Index(b, []byte{0xff, 0xc0}) + 5
	copy(b[at:], []byte{0x20, 0, 0x20, 0}) // 8192 × 8192
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Decode(b)
	runtime.ReadMemStats(&after)
	if err == nil || after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("%v after %d bytes", err, after.TotalAlloc-before.TotalAlloc)
	}
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	good := files(t)["chroma-differs"]
	frame := bytes.Index(good, []byte{0xff, 0xc0})
	scan := bytes.Index(good, []byte{0xff, 0xda})
	edit := func(at int, v ...byte) []byte {
		b := slices.Clone(good)
		copy(b[at:], v)
		return b
	}
	scans := slices.Concat(good[:scan], bytes.Repeat(good[scan:len(good)-2], MaxScans+1), good[len(good)-2:])
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"empty", nil, "does not start with ff d8"},
		{"nothing more", good[:2], "truncated"},
		{"no picture", []byte{0xff, 0xd8, 0xff, 0xd9}, "no picture before the end"},
		{"lossless", edit(frame+1, 0xc3), "lossless, hierarchical or arithmetic coding (c3)"},
		{"arithmetic", edit(frame+1, 0xc9), "arithmetic coding (c9)"},
		{"12 bits", edit(frame+4, 12), "samples of 12 bits; need 8"},
		{"no lines", edit(frame+5, 0, 0), "a picture of 21 × 0 pixels"},
		{"two components", edit(frame+9, 2), "2 components in a frame header of 15 bytes"},
		{"sampled 5 × 1", edit(frame+11, 0x51), "component 1 is sampled 5 × 1"},
		{"twice", edit(frame+13, 1), "two components are 1"},
		{"a scan of another", edit(scan+5, 9), "a scan of component 9"},
		{"a scan first", slices.Concat(good[:2], good[scan:]), "a scan before the frame header"},
		{"without tables", slices.Concat(good[:2], good[frame:frame+19], good[scan:]), "a scan without its Huffman table"},
		{"cut", good[:len(good)-40], "truncated"},
		{"two frames", slices.Concat(good[:frame], good[frame:frame+19], good[frame:]), "two frame headers"},
		{"too many scans", scans, "more than 200 scans"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			img, err := Decode(tt.b)
			if img != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, %v; want %q", img, err, tt.want)
			}
		})
	}
}
