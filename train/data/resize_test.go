package data

import (
	"fmt"
	"image"
	"image/color"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestParseResize(t *testing.T) {
	for text, want := range map[string]Resize{
		"": {}, "squash:28x20": {Squash, 28, 20}, "crop:32": {Crop, 32, 32}, "pad:1x1024": {Pad, 1, 1024}, "24x16": {Squash, 24, 16}, "8": {Squash, 8, 8}, "crop": {Mode: Crop},
	} {
		got := must(ParseResize(text))(t)
		if got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
		if again := must(ParseResize(got.String()))(t); again != want {
			t.Errorf("%q: %q is read as %+v", text, got, again)
		}
	}
	for _, text := range []string{"stretch", "stretch:3x3", "crop:", "crop:0x3", "crop:3x-1", "crop:3x3x3", "crop:20000x1", "crop:4096x4096", "pad:axb", ":3", "crop:99999999999999999999"} {
		_, err := ParseResize(text)
		wantError(t, err, fmt.Sprintf("resize %q", text), "as in squash:28x28, crop:32x32 or pad:32x32")
	}
	if r := (Resize{Mode: Pad}).To(nn.Shape{3, 5, 7}); r != (Resize{Pad, 5, 7}) {
		t.Errorf("%v", r)
	}
	if r := (Resize{Pad, 1, 2}).To(nn.Shape{3, 5, 7}); r != (Resize{Pad, 1, 2}) {
		t.Errorf("%v", r)
	}
	if r := (Resize{}).To(nn.Shape{3, 5, 7}); r != (Resize{}) {
		t.Errorf("%v", r)
	}
}

// halves is a picture whose left half is 100 and whose right half is 200.
func halves(w, h int) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 100
		if i%w >= w/2 {
			img.Pix[i] = 200
		}
	}
	return img
}

func TestResizeModes(t *testing.T) {
	for _, tt := range []struct {
		resize Resize
		img    image.Image
		want   []byte
	}{
		{Resize{Squash, 1, 2}, uniform(3, 9, color.Gray{50}), []byte{50, 50}},
		{Resize{Crop, 2, 2}, halves(4, 2), []byte{100, 200, 100, 200}},
		{Resize{Crop, 2, 2}, striped(2, 6, 10, 20, 30, 40, 50, 60), []byte{30, 30, 40, 40}},
		{Resize{Crop, 1, 3}, striped(3, 5, 10, 20, 30, 40, 50), []byte{30, 30, 30}},
		{Resize{Pad, 4, 2}, uniform(2, 2, color.Gray{50}), []byte{0, 0, 50, 50, 50, 50, 0, 0}},
		{Resize{Pad, 2, 4}, uniform(1, 3, color.Gray{50}), []byte{0, 50, 0, 0, 0, 50, 0, 0}},
		{Resize{Pad, 2, 4}, uniform(100, 1, color.Gray{50}), []byte{50, 50, 50, 50, 0, 0, 0, 0}},
		{Resize{Pad, 1, 3}, uniform(1, 1, color.NRGBA{0, 0, 0, 0}), []byte{0, 255, 0}}, // transparent is white, also when padded
		{Resize{Squash, 2, 2}, halves(2, 2), []byte{100, 200, 100, 200}},
		{Resize{Crop, 2, 2}, halves(2, 2), []byte{100, 200, 100, 200}},
		{Resize{Pad, 2, 2}, halves(2, 2), []byte{100, 200, 100, 200}},
	} {
		if got := planes(tt.resize.draw(tt.img), 1); !slices.Equal(got, tt.want) {
			t.Errorf("%v of %v: %v, want %v", tt.resize, tt.img.Bounds(), got, tt.want)
		}
	}
}

// striped is a picture of one grey a row.
func striped(w, h int, rows ...byte) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = rows[i/w]
	}
	return img
}

// A picture that shrinks is averaged: a chequerboard becomes grey, not black or white.
func TestResizeAveragesWhatShrinks(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = byte(255 * ((i + i/64) % 2))
	}
	for _, p := range planes(Resize{Squash, 8, 8}.draw(img), 1) {
		if p < 120 || p > 135 {
			t.Fatalf("pixel %d of a reduced chequerboard, want about 127", p)
		}
	}
}

// Pictures of several sizes are resized for training as for predicting.
func TestOpenResizesAsLoadResizedDoes(t *testing.T) {
	files := map[string][]byte{"train/a/0.png": pngOf(t, halves(6, 4)), "train/a/1.png": pngOf(t, halves(3, 9)), "train/b/0.png": pngOf(t, uniform(5, 5, color.NRGBA{90, 10, 20, 255})),
		"test/a/0.png": pngOf(t, halves(8, 2)), "val/a/0.png": pngOf(t, halves(2, 2))}
	dir := folderOf(t, "x", files)
	for _, r := range []Resize{{Squash, 4, 6}, {Crop, 4, 6}, {Pad, 4, 6}} {
		set := must(Options{Resize: r}.Open(dir))(t)
		shape := nn.Shape{3, 4, 6}
		got := slices.Concat(set.Train.(*Images).pixels, set.Test.(*Images).pixels, set.Val.(*Images).pixels)
		var paths []string
		for _, name := range []string{"train/a/0.png", "train/a/1.png", "train/b/0.png", "test/a/0.png", "val/a/0.png"} {
			paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
		}
		for _, as := range []Resize{r, {Mode: r.Mode}} {
			want := must(LoadResized(shape, as, paths...))(t)
			if !set.Train.Shape().Equal(shape) || !slices.Equal(got, want.pixels) {
				t.Errorf("%v: Open and LoadResized differ", as)
			}
		}
		if plain := must(LoadImages(shape, paths...))(t); slices.Equal(got, plain.pixels) != (r.Mode == Squash) {
			t.Errorf("%v: LoadImages squashes", r)
		}
	}
	_, err := Options{Resize: Resize{Mode: Crop}}.Open(dir)
	wantError(t, err, "crop without a size")
	_, err = LoadResized(nn.Shape{1, 4, 4}, Resize{Crop, 4, 6}, filepath.Join(dir, "train", "a", "0.png"))
	wantError(t, err, "resize crop:4x6 makes other pictures than the network takes, 4 × 4")
	large := folderOf(t, "y", map[string][]byte{"a/0.png": pngOf(t, image.NewGray(image.Rect(0, 0, 1100, 1000))), "a/1.png": pngOf(t, halves(4, 4))})
	if set := must(Options{Resize: Resize{Squash, 2, 2}}.Open(large))(t); !set.Train.Shape().Equal(nn.Shape{1, 2, 2}) {
		t.Errorf("shape %v", set.Train.Shape())
	}
}

func TestOpenResizesPicturesOfOneSize(t *testing.T) {
	set := must(Options{Resize: Resize{Squash, 1, 1}}.Open(folderOf(t, "x", idxFiles())))(t)
	plain := must(Open(folderOf(t, "x", idxFiles())))(t)
	if !set.Train.Shape().Equal(nn.Shape{1, 1, 1}) || !set.Test.Shape().Equal(nn.Shape{1, 1, 1}) || set.SHA256 == plain.SHA256 {
		t.Errorf("shapes %v and %v", set.Train.Shape(), set.Test.Shape())
	}
	rgb := must(NewImages(nn.Shape{3, 1, 2}, []byte{10, 10, 20, 20, 30, 30}, []int{0}, 1))(t)
	if got := must(rgb.Resized(Resize{Pad, 2, 2}))(t); !slices.Equal(got.Pixels(0), []byte{10, 10, 0, 0, 20, 20, 0, 0, 30, 30, 0, 0}) {
		t.Errorf("%v", got.Pixels(0))
	}
	if same := must(rgb.Resized(Resize{Crop, 1, 2}))(t); same != rgb {
		t.Error("a set of that size is copied")
	}
	_, err := testImages(t, 1, nn.Shape{2, 2, 2}).Resized(Resize{Crop, 1, 2})
	wantError(t, err, "need (1, H, W) or (3, H, W)")
	one, labels := npyOf("<f4", "False", "(1, 1, 1)", floats32(0)), npyOf("|u1", "False", "(1,)", []byte{0})
	dir := writeFiles(t, map[string][]byte{"a.npz": npzOf(t, keras(one, labels, one, labels)...)})
	_, err = Options{Resize: Resize{Crop, 1, 2}}.Open(filepath.Join(dir, "a.npz"))
	wantError(t, err, "pictures of floating-point numbers")
}
