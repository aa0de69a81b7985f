package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func uniform(w, h int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, c)
	}
	return img
}

func load(t *testing.T, shape nn.Shape, file []byte) (*Images, error) {
	t.Helper()
	return LoadImages(shape, filepath.Join(writeFiles(t, map[string][]byte{"p": file}), "p"))
}

func TestLoadImagesKeepsAPictureOfTheRightSize(t *testing.T) {
	img := testImages(t, 1, nn.Shape{1, 16, 16})
	grey := &image.Gray{Pix: img.Pixels(0), Stride: 16, Rect: image.Rect(0, 0, 16, 16)}
	got := must(load(t, nn.Shape{1, 16, 16}, pngOf(t, grey)))(t)
	if !slices.Equal(got.Pixels(0), img.Pixels(0)) {
		t.Errorf("%v, want %v", got.Pixels(0), img.Pixels(0))
	}
}

func TestLoadImagesConverts(t *testing.T) {
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, uniform(9, 5, color.Gray{100}), nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		channels int
		file     []byte
		want     []byte // each channel's value, the same in all pixels
	}{
		{"grey, enlarged", 1, pngOf(t, uniform(2, 3, color.Gray{77})), []byte{77}},
		{"grey, reduced", 1, pngOf(t, uniform(300, 70, color.Gray{77})), []byte{77}},
		{"jpeg", 1, jpg.Bytes(), []byte{100}},
		{"colour to colour", 3, pngOf(t, uniform(7, 7, color.NRGBA{10, 20, 30, 255})), []byte{10, 20, 30}},
		{"colour to grey: 0.299, 0.587, 0.114", 1, pngOf(t, uniform(7, 7, color.NRGBA{255, 0, 0, 255})), []byte{76}},
		{"transparent is white", 1, pngOf(t, uniform(7, 7, color.NRGBA{0, 0, 0, 0})), []byte{255}},
		{"half transparent black is grey", 1, pngOf(t, uniform(7, 7, color.NRGBA{0, 0, 0, 128})), []byte{127}},
		{"16 bits", 1, pngOf(t, grey16(7, 7, 0x8000)), []byte{128}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := must(load(t, nn.Shape{tt.channels, 6, 4}, tt.file))(t)
			for i, p := range got.Pixels(0) {
				if p != tt.want[i/24] {
					t.Fatalf("pixels %v, want %v in each channel", got.Pixels(0), tt.want)
				}
			}
		})
	}
}

func TestLoadImagesReadsSeveral(t *testing.T) {
	dir := writeFiles(t, map[string][]byte{"a": pngOf(t, uniform(2, 2, color.Black)), "b": pngOf(t, uniform(2, 2, color.White))})
	img := must(LoadImages(nn.Shape{1, 2, 2}, filepath.Join(dir, "a"), filepath.Join(dir, "b")))(t)
	if img.Len() != 2 || img.Pixels(0)[0] != 0 || img.Pixels(1)[0] != 255 {
		t.Errorf("%d pictures, %v and %v", img.Len(), img.Pixels(0), img.Pixels(1))
	}
}

// pngClaiming is a PNG of one pixel whose header claims another size.
func pngClaiming(t *testing.T, w, h uint32) []byte {
	t.Helper()
	b := pngOf(t, uniform(1, 1, color.Black))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestLoadImagesRefusesWhatItCannotRead(t *testing.T) {
	good := pngOf(t, uniform(20, 20, color.Gray{9}))
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "not a readable PNG or JPEG"},
		{"text", []byte("hello"), "not a readable PNG or JPEG"},
		{"cut", good[:len(good)-30], "damaged or truncated"},
		{"more than 64 megapixels", pngClaiming(t, 8193, 8192), "8193 × 8192 pixels"},
		{"a thin picture of a side that resizing cannot take", pngClaiming(t, 1, 16385), "1 × 16385 pixels"},
		{"the largest size, of which a pixel is there", pngClaiming(t, 2, 16384), "damaged or truncated"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			img, err := load(t, nn.Shape{1, 2, 2}, tt.file)
			if img != nil {
				t.Error("a picture beside an error")
			}
			wantError(t, err, "p: ", tt.want)
		})
	}
	for _, shape := range []nn.Shape{nil, {10}, {2, 4, 4}, {1, 0, 4}, {1, math.MaxInt, 1}} {
		_, err := load(t, shape, good)
		wantError(t, err, "need (1, H, W) or (3, H, W)")
	}
}

func TestMontageShowsAClassARow(t *testing.T) {
	// Pictures of one pixel: 0, 10, …, 80, of classes 0, 1, 2, 0, …
	pixels, labels := make([]byte, 9), make([]int, 9)
	for i := range pixels {
		pixels[i], labels[i] = byte(10*i), i%3
	}
	img := must(NewImages(nn.Shape{1, 1, 1}, pixels, labels, 3))(t)
	got := must(Montage(Inverted(img), 2, 2, 3))(t)
	if got.Bounds() != image.Rect(0, 0, 15, 15) {
		t.Fatalf("bounds %v, want 15 × 15: 2 pictures and 3 gaps at scale 3", got.Bounds())
	}
	for _, tt := range []struct {
		x, y int
		want uint8
	}{
		{3, 3, 0}, {5, 5, 0}, {9, 3, 255}, // class 0: the first picture and its inverse
		{3, 9, 10}, {11, 11, 245}, // class 1
		{0, 0, montageGround}, {6, 3, montageGround}, {14, 14, montageGround},
	} {
		if v := got.(*image.Gray).GrayAt(tt.x, tt.y).Y; v != tt.want {
			t.Errorf("dot (%d, %d) is %d, want %d", tt.x, tt.y, v, tt.want)
		}
	}
}

func TestMontageDrawsColour(t *testing.T) {
	img := must(NewImages(nn.Shape{3, 1, 1}, []byte{1, 2, 3}, []int{0}, 1))(t)
	got := must(Montage(img, 1, 4, 1))(t) // three of the four places stay empty
	if c := color.RGBAModel.Convert(got.At(1, 1)); c != (color.RGBA{1, 2, 3, 255}) {
		t.Errorf("dot %v, want 1 2 3", c)
	}
	if c := color.RGBAModel.Convert(got.At(3, 1)); c != (color.RGBA{128, 128, 128, 255}) {
		t.Errorf("empty place %v, want the ground", c)
	}
}

func TestPictureIsTheSampleAlone(t *testing.T) {
	img := must(NewImages(nn.Shape{3, 1, 2}, []byte{1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9}, []int{0, 0}, 1))(t)
	got := must(Picture(Inverted(img), 2))(t)
	if c := color.RGBAModel.Convert(got.At(1, 0)); got.Bounds() != image.Rect(0, 0, 2, 1) || c != (color.RGBA{253, 251, 249, 255}) {
		t.Errorf("%v with %v at its right, want 2 × 1 and the inverse of 2 4 6", got.Bounds(), c)
	}
	_, err := Picture(testImages(t, 3, nn.Shape{2, 2, 2}), 0)
	wantError(t, err, "picture: ", "need (1, H, W) or (3, H, W)")
}

// Samples that are chosen stand in their order, from left to right, then in the next row.
func TestMontageOfChosenSamples(t *testing.T) {
	pixels := []byte{0, 10, 20, 30, 40}
	img := must(NewImages(nn.Shape{1, 1, 1}, pixels, make([]int, 5), 1))(t)
	for _, tt := range []struct {
		samples []int
		cols    int
		want    string
	}{
		{[]int{4, 0, 3}, 2, "40 0 / 30 128"},
		{[]int{4, 0, 3}, 3, "40 0 30"},
		{[]int{2}, 10, "20"}, // no wider than what is drawn
		{[]int{1, 1, 2, 2}, 1, "10 / 10 / 20 / 20"},
	} {
		got := must(MontageOf(img, tt.samples, tt.cols, 1))(t)
		text := ""
		for y := 1; y < got.Bounds().Dy(); y += 2 {
			if y > 1 {
				text += " / "
			}
			for x := 1; x < got.Bounds().Dx(); x += 2 {
				if x > 1 {
					text += " "
				}
				text += fmt.Sprint(got.(*image.Gray).GrayAt(x, y).Y)
			}
		}
		if text != tt.want {
			t.Errorf("%v in %d columns: %s, want %s", tt.samples, tt.cols, text, tt.want)
		}
	}
	for _, tt := range []struct {
		samples     []int
		cols, scale int
		want        string
	}{
		{nil, 2, 1, "0 samples"},
		{[]int{0}, 0, 1, "0 columns"},
		{[]int{0}, 1, 0, "scale 0"},
		{[]int{0, 5}, 1, 1, "sample 5 of a set of 5"},
		{[]int{-1}, 1, 1, "sample -1"},
		{[]int{0}, 1, math.MaxInt, "the largest side"},
	} {
		got, err := MontageOf(img, tt.samples, tt.cols, tt.scale)
		if got != nil {
			t.Error("a picture beside an error")
		}
		wantError(t, err, "montage: ", tt.want)
	}
}

func TestMontageRefusesWhatItCannotDraw(t *testing.T) {
	s := testImages(t, 6, nn.Shape{1, 2, 2})
	for _, tt := range []struct {
		name              string
		set               nn.Samples
		rows, cols, scale int
		want              string
	}{
		{"two channels", testImages(t, 3, nn.Shape{2, 2, 2}), 1, 1, 1, "need (1, H, W) or (3, H, W)"},
		{"no rows", s, 0, 1, 1, "need 1 to 3 rows"},
		{"more rows than classes", s, 4, 1, 1, "need 1 to 3 rows"},
		{"no columns", s, 1, 0, 1, "positive columns"},
		{"scale 0", s, 1, 1, 0, "positive columns and scale"},
		{"a side too long", s, 1, 1, 6000, "the largest side"},
		{"numbers beyond 64 bits", s, 1, math.MaxInt, math.MaxInt, "the largest side"},
		{"too many dots", s, 3, 5, 1000, "the most that is drawn"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			img, err := Montage(tt.set, tt.rows, tt.cols, tt.scale)
			if img != nil {
				t.Error("a picture beside an error")
			}
			wantError(t, err, "montage: ", tt.want)
		})
	}
}

func grey16(w, h int, v uint16) image.Image {
	img := image.NewGray16(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.SetGray16(i%w, i/w, color.Gray16{v})
	}
	return img
}
