package data

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// testShare is the part of each class that becomes the test set of a folder that
// has none.
const testShare = 0.2

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
