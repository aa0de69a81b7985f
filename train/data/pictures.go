package data

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// testShare is the part of each class that becomes the test set of a folder that
// has none.
const testShare = 0.2

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

// pictureFile is a picture of a class.
type pictureFile struct {
	path  string
	label int
}

// listPictures lists the classes and pictures of a folder, both sorted by name.
// What begins with a dot is passed over, anything else that is no picture is an
// error. With known classes there may be no other ones.
func listPictures(dir string, known []string) (classes []string, files []pictureFile, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		label := len(classes)
		if known != nil {
			label = slices.Index(known, e.Name())
		}
		switch {
		case !isFolder(dir, e.Name()):
			return nil, nil, fmt.Errorf("%s: not a folder; need one folder of pictures a class and nothing else", path)
		case label < 0:
			return nil, nil, fmt.Errorf("%s: a class that the training set does not have", path)
		case len(classes) == MaxClasses:
			return nil, nil, fmt.Errorf("%s: more than %d classes, the most that is read", dir, MaxClasses)
		}
		classes = append(classes, e.Name())
		if files, err = appendPictures(files, path, label); err != nil {
			return nil, nil, err
		}
	}
	if len(classes) == 0 {
		return nil, nil, fmt.Errorf("%s: no folders of pictures in it", dir)
	}
	return classes, files, nil
}

func appendPictures(files []pictureFile, dir string, label int) ([]pictureFile, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	before := len(files)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".png", ".jpg", ".jpeg":
			files = append(files, pictureFile{path, label})
		default:
			if !strings.HasPrefix(e.Name(), ".") {
				return nil, fmt.Errorf("%s: not a .png, .jpg or .jpeg picture; a class's folder holds nothing else", path)
			}
		}
	}
	if len(files) == before {
		return nil, fmt.Errorf("%s: no pictures in it", dir)
	}
	return files, nil
}

// splitPictures draws testShare of each class for testing, the same whenever the
// folder is the same. Files come class by class, and the rest keeps its order.
func splitPictures(all []pictureFile, classes []string) (train, test []pictureFile, err error) {
	for label, class := range classes {
		size := 0
		for size < len(all) && all[size].label == label {
			size++
		}
		n := max(1, int(testShare*float64(size)+0.5))
		if n == size {
			return nil, nil, fmt.Errorf("one picture of class %q; need two or more, or folders train and test", class)
		}
		drawn := make([]bool, size)
		for _, i := range shuffled(rand.NewPCG(uint64(label), splitStream), size)[:n] {
			drawn[i] = true
		}
		for i, f := range all[:size] {
			if drawn[i] {
				test = append(test, f)
			} else {
				train = append(train, f)
			}
		}
		all = all[size:]
	}
	return train, test, nil
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
