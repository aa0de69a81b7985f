package data

import (
	"fmt"
	"image"
	"image/color"
	"path/filepath"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// openPictures reads a folder of pictures by class.
func openPictures(dir string) (*Set, error) {
	split := []string{"train", "test"}
	if isFolder(dir, split[0]) != isFolder(dir, split[1]) {
		return nil, fmt.Errorf("%s: only one of the folders train and test; need both, or neither", dir)
	}
	var names []string
	var train, test []pictureFile
	var err error
	if isFolder(dir, split[0]) {
		if names, train, err = listPictures(filepath.Join(dir, split[0]), nil); err != nil {
			return nil, err
		}
		if _, test, err = listPictures(filepath.Join(dir, split[1]), names); err != nil {
			return nil, err
		}
	} else {
		var all []pictureFile
		if names, all, err = listPictures(dir, nil); err != nil {
			return nil, err
		}
		if train, test, err = splitPictures(all, names); err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
	}
	classNames, err := NewClassNames(names, len(names))
	if err != nil {
		return nil, fmt.Errorf("%s: %w; rename the folder", dir, err)
	}
	images, err := readPictures(slices.Concat(train, test), len(names))
	if err != nil {
		return nil, err
	}
	a, b := images.cut(len(train))
	set, err := NewSet(dir, a, b)
	if err != nil {
		return nil, err
	}
	set.ClassNames = classNames
	return set, nil
}

// readPictures decodes pictures of one size. All headers are read before any
// memory is taken, and pictures that decode to far more than their files are
// decoded once, keeping nothing, before memory is taken for all of them.
func readPictures(files []pictureFile, classes int) (*Images, error) {
	shape, stored, err := commonShape(files)
	if err != nil {
		return nil, err
	}
	need := int64(len(files)) * int64(shape.Size())
	if need > MaxBytes {
		return nil, fmt.Errorf("%s and %d more pictures of shape %v: more than the %d bytes that are read", files[0].path, len(files)-1, shape, MaxBytes)
	}
	if need > keepBudget(stored) {
		for _, f := range files {
			if _, err := loadImage(f.path, shape); err != nil {
				return nil, err
			}
		}
	}
	pixels, labels := make([]byte, 0, need), make([]int, 0, len(files))
	for _, f := range files {
		p, err := loadImage(f.path, shape)
		if err != nil {
			return nil, err
		}
		pixels, labels = append(pixels, p...), append(labels, f.label)
	}
	return NewImages(shape, pixels, labels, classes)
}

// commonShape is the shape of all pictures by their headers, with three channels
// if one of them has colour, and the bytes of all files.
func commonShape(files []pictureFile) (shape nn.Shape, stored int64, err error) {
	for _, file := range files {
		cfg, size, err := pictureConfig(file.path)
		if err != nil {
			return nil, 0, err
		}
		stored += size
		if shape == nil {
			shape = nn.Shape{1, cfg.Height, cfg.Width}
		}
		if cfg.Height != shape[1] || cfg.Width != shape[2] {
			return nil, 0, fmt.Errorf("%s: %d × %d pixels, %s has %d × %d; need pictures of one size",
				file.path, cfg.Width, cfg.Height, files[0].path, shape[2], shape[1])
		}
		if !isGrey(cfg.ColorModel) {
			shape[0] = 3
		}
	}
	return shape, stored, nil
}

func pictureConfig(path string) (image.Config, int64, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return image.Config{}, 0, err
	}
	defer f.Close()
	cfg, err := decodeConfig(f)
	if err == nil && cfg.Width*cfg.Height > MaxSetPixels {
		err = fmt.Errorf("a picture of %d × %d pixels; the largest of a set has %d", cfg.Width, cfg.Height, MaxSetPixels)
	}
	if err != nil {
		return cfg, 0, fmt.Errorf("%s: %w", path, err)
	}
	return cfg, size, nil
}

func isGrey(m color.Model) bool {
	palette, ok := m.(color.Palette)
	if !ok {
		return m == color.GrayModel || m == color.Gray16Model
	}
	for _, c := range palette {
		if r, g, b, _ := c.RGBA(); r != g || g != b {
			return false
		}
	}
	return true
}

// cut is the first n pictures and the rest, views of the same bytes.
func (m *Images) cut(n int) (a, b *Images) {
	at := n * m.shape.Size()
	return &Images{m.shape, m.pixels[:at:at], m.labels[:n:n], m.classes}, &Images{m.shape, m.pixels[at:], m.labels[n:], m.classes}
}
