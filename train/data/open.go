package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Formats says in a few words what Open reads.
const Formats = "a folder of IDX files (MNIST, Fashion-MNIST), of CIFAR's binary files or of pictures by class, or a .npz file"

// classesFile may name the classes of a folder of IDX files, one a line.
const classesFile = "classes.txt"

// Open reads a training set and a test set:
//
//   - a folder of IDX files, as OpenDir reads it. Its file classes.txt, if it is
//     there, names the classes, one a line; a folder with "fashion" in its name and
//     ten classes is taken for Fashion-MNIST, whose classes have names.
//   - a folder with CIFAR-10's data_batch_1.bin to data_batch_5.bin and
//     test_batch.bin, or CIFAR-100's train.bin and test.bin (by its 100 fine
//     labels). batches.meta.txt or fine_label_names.txt may name the classes.
//   - a folder of PNG or JPEG pictures by class, train/CLASS/* and test/CLASS/*, or
//     CLASS/*, of which a fifth of each class becomes the test set. The classes are
//     sorted by name. All pictures have one size, and are grey if all of them are.
//   - a .npz file with x_train, y_train, x_test and y_test, as Keras's mnist.npz.
//
// The name of the set is the path.
func Open(path string) (*Set, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if strings.HasSuffix(path, ".npz") {
			return openNPZ(path)
		}
		return nil, fmt.Errorf("%s: not a data set; need %s", path, Formats)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	for _, k := range cifars {
		if slices.ContainsFunc(names, func(name string) bool { return name == k.test || slices.Contains(k.train, name) }) {
			return k.open(path)
		}
	}
	switch {
	case slices.ContainsFunc(names, isIDXName):
		return openIDXDir(path)
	case slices.ContainsFunc(names, func(name string) bool { return isFolder(path, name) }):
		return openPictures(path)
	}
	return nil, fmt.Errorf("%s: no data set in it; need %s", path, Formats)
}

func isIDXName(name string) bool {
	return (strings.HasPrefix(name, "train-") || strings.HasPrefix(name, "t10k-")) && strings.Contains(name, "-ubyte")
}

// isFolder tells folders, also those behind links, that are not hidden.
func isFolder(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.IsDir() && !strings.HasPrefix(name, ".")
}

// fashionNames are the classes of Fashion-MNIST (Zalando), whose files have the
// names of MNIST's.
var fashionNames = ClassNames{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}

// openIDXDir reads a folder of IDX files and the names of its classes.
func openIDXDir(dir string) (*Set, error) {
	train, test, err := OpenDir(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, classesFile)
	names, err := readClassNames(path)
	switch {
	case err == nil:
		if _, err := NewClassNames(names, max(len(names), train.classes)); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		train.classes, test.classes = len(names), len(names)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case isFashion(dir) && train.classes == len(fashionNames):
		names = fashionNames
	}
	set, err := NewSet(dir, train, test)
	if err != nil {
		return nil, err
	}
	set.ClassNames = names
	return set, nil
}

func isFashion(dir string) bool {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return strings.Contains(strings.ToLower(filepath.Base(dir)), "fashion")
}
