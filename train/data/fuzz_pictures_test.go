package data

import (
	"bytes"
	"image"
	"image/color"
	gojpeg "image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/gonn-toolkit/gonn/nn"
)

// FuzzIDX gives files of pictures and labels that may hold anything, plain or gzip'd.
func FuzzIDX(f *testing.F) {
	images, labels := idxFileOf([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2), idxFileOf([]byte{0, 1}, 2)
	f.Add(images, labels)
	f.Add(zipped(images), zipped(labels))
	f.Add(idxFileOf(make([]byte, 12), 1, 2, 2, 3), idxFileOf([]byte{9}, 1))
	f.Add(zippedZeros(idxFileOf(nil, 2, 28, 28), 10<<10), labels)
	f.Fuzz(func(t *testing.T, images, labels []byte) {
		set, err := ReadIDX(fstest.MapFS{"train-images-idx3-ubyte": {Data: images}, "train-labels-idx1-ubyte": {Data: labels}}, "train")
		if (set == nil) == (err == nil) {
			t.Fatalf("pictures %v, error %v", set, err)
		}
		if set != nil && len(set.Pixels(set.Len()-1)) != set.Shape().Size() {
			t.Errorf("the last of %d pictures has %d bytes for shape %v", set.Len(), len(set.Pixels(set.Len()-1)), set.Shape())
		}
	})
}

// FuzzPicture gives files of pictures that may hold anything.
func FuzzPicture(f *testing.F) {
	grey, colour := image.NewGray(image.Rect(0, 0, 5, 3)), uniform(4, 4, color.NRGBA{200, 100, 50, 128})
	var jpeg bytes.Buffer
	if err := gojpeg.Encode(&jpeg, grey, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(pngOf(f, grey))
	f.Add(pngOf(f, colour))
	f.Add(jpeg.Bytes())
	for _, name := range []string{"chroma-differs.jpg", "progressive-restart.jpg", "grey.jpg"} {
		b, err := os.ReadFile(filepath.Join("internal", "jpeg", "testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	path := filepath.Join(f.TempDir(), "picture")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		height, width, err := PictureSize(path)
		if err == nil && height*width > 1<<14 {
			return // which takes long
		}
		img, loadErr := LoadImages(nn.Shape{3, 4, 4}, path)
		if (img == nil) == (loadErr == nil) {
			t.Errorf("picture %v, error %v", img, loadErr)
		}
		if err != nil && loadErr == nil {
			t.Errorf("a picture without a size is read: %v", err)
		}
	})
}

// FuzzCIFAR gives files of records and of class names. A record is repeated bytes, for the
// pixels are any.
func FuzzCIFAR(f *testing.F) {
	f.Add([]byte{3, 7, 7}, uint16(3073), "cat\ndog\n")
	f.Add([]byte{0, 99}, uint16(2*3074), "")
	f.Add([]byte{9}, uint16(3072), "a\r\n\r\n")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte, size uint16, names string) {
		file := make([]byte, size)
		for i := range file {
			if len(b) > 0 {
				file[i] = b[i%len(b)]
			}
		}
		for name, content := range map[string][]byte{"test.bin": file, "fine_label_names.txt": []byte(names)} {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, k := range cifars {
			k.namesFile = "fine_label_names.txt"
			if set, err := k.read(dir, []string{"test.bin"}); (set == nil) == (err == nil) {
				t.Errorf("set %v, error %v", set, err)
			}
			if list, err := k.classNames(dir); (list == nil) == (err == nil) && names != "" {
				t.Errorf("names %v, error %v", list, err)
			}
		}
	})
}
