package data

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// classesFile may name the classes of a folder of IDX files, one a line.
const classesFile = "classes.txt"

func isIDXName(name string) bool {
	return (strings.HasPrefix(name, "train-") || strings.HasPrefix(name, "t10k-")) && strings.Contains(name, "-ubyte")
}

// fashionNames are the classes of Fashion-MNIST (Zalando), whose files have the
// names of MNIST's.
var fashionNames = ClassNames{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}

// openIDXDir reads a folder of IDX files and the names of its classes.
func (o Options) openIDXDir(dir string) (*Set, error) {
	if split := storedSplit(dir); split != "" || o.EMNIST {
		return openRenamedEMNIST(dir, split)
	}
	path := filepath.Join(dir, classesFile)
	names, err := readClassNames(path)
	named := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var labels labelRange
	train, test, err := readPair(dir, "train", "t10k", func(of labelRange) error {
		if labels = of; !named {
			return nil
		}
		if _, err := NewClassNames(names, max(len(names), labels.classes())); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case named:
		train.classes, test.classes = len(names), len(names)
	case isFashion(dir) && train.classes == len(fashionNames):
		names = fashionNames
	}
	set, err := NewSet(dir, train, test)
	if err != nil {
		return nil, err
	}
	set.ClassNames = names
	if names == nil && train.Classes() > 1 && labels.first == 1 {
		set.Notes = append(set.Notes, "no picture has label 0; if these are EMNIST's letters, whose labels begin at 1 and whose pictures are stored transposed, read them under the names of its distribution (emnist-letters-…) or with --emnist")
	}
	return set, nil
}

func isFashion(dir string) bool {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return strings.Contains(strings.ToLower(filepath.Base(dir)), "fashion")
}
