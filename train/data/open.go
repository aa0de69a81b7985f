package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// Formats says in a few words what Open reads.
const Formats = "a folder of IDX files (MNIST, Fashion-MNIST, EMNIST), of CIFAR's binary files or of pictures by class, or a .npz file"

// Options say how a data set is read. The zero Options take it as it is.
type Options struct {
	// Resize makes all pictures one size. Without it they must have one.
	Resize Resize
	// SkipUnreadable passes over pictures in folders that cannot be read, with a note,
	// instead of refusing the set.
	SkipUnreadable bool
	// EMNIST reads IDX files under MNIST's names as EMNIST's: see Open.
	EMNIST bool
}

// Open reads a data set with the zero Options.
func Open(path string) (*Set, error) { return Options{}.Open(path) }

// Open reads a training set and a test set:
//
//   - a folder of IDX files, as OpenDir reads it. Its file classes.txt, if it is
//     there, names the classes, one a line; a folder with "fashion" in its name and
//     ten classes is taken for Fashion-MNIST, whose classes have names.
//   - a folder with EMNIST's IDX files under the names of its distribution, such as
//     emnist-letters-train-images-idx3-ubyte.gz. Its pictures are stored transposed and
//     are turned upright. Letters are labelled 1 to 26 and become classes 0 to 25. The
//     classes are named by classes.txt, else by emnist-letters-mapping.txt, if it is there, else by
//     the characters of the split if all of its classes are there, else by the labels of
//     the files if they do not begin at 0. A folder with several splits needs one of
//     them: folder/emnist-letters.
//   - a folder with CIFAR-10's data_batch_1.bin to data_batch_5.bin and
//     test_batch.bin, or CIFAR-100's train.bin and test.bin (by its 100 fine
//     labels). batches.meta.txt or fine_label_names.txt may name the classes.
//   - a folder of PNG or JPEG pictures by class, train/CLASS/* and test/CLASS/*, or
//     CLASS/*, of which a fifth of each class becomes the test set. val/CLASS/* (or
//     valid, or validation) is for validation, or for testing if there is no folder
//     test. The classes are sorted by name in Unicode's form NFC,
//     byte by byte. Pictures are grey if all of
//     them are stored so, with alpha or without; where they are transparent they are
//     laid over white. Files that are no pictures are passed over with a note.
//   - a .npz file with x_train, y_train, x_test and y_test, as Keras's mnist.npz.
//
// The name of the set is the path. The error for a path that is not there is an
// fs.ErrNotExist.
func (o Options) Open(path string) (*Set, error) {
	if err := o.Resize.check(); err != nil {
		return nil, err
	}
	set, err := o.open(path)
	if err != nil {
		return nil, err
	}
	return set, set.resize(o.Resize)
}

func (o Options) open(path string) (*Set, error) {
	info, err := os.Stat(path)
	if err != nil {
		if dir, split := filepath.Split(path); isEMNISTSplit(dir, split) {
			return openEMNIST(filepath.Clean(dir), path, split)
		}
		return nil, err
	}
	if !info.IsDir() {
		if strings.EqualFold(filepath.Ext(path), ".npz") {
			return o.openNPZ(path)
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
	splits := emnistSplits(names)
	switch {
	case slices.ContainsFunc(names, isIDXName):
		return o.openIDXDir(path)
	case len(splits) == 1:
		return openEMNIST(path, path, splits[0])
	case len(splits) > 1:
		return nil, fmt.Errorf("%s: the splits %s of EMNIST; choose one, as in %s", path, strings.Join(splits, ", "), filepath.Join(path, splits[0]))
	case slices.ContainsFunc(names, func(name string) bool { return isFolder(path, name) }):
		return o.openPictures(path)
	}
	return nil, fmt.Errorf("%s: no data set in it; need %s", path, Formats)
}

var errResizeFloats = errors.New("resize: pictures of floating-point numbers; need bytes")

// resize resizes pictures of bytes that are not read from files of pictures, which
// have their size already.
func (s *Set) resize(r Resize) error {
	if r == (Resize{}) {
		return nil
	}
	var resized []Pictures
	changed := false
	for _, part := range []*nn.Samples{&s.Train, &s.Test, &s.Val} {
		if *part == nil {
			continue
		}
		was, ok := (*part).(*Images)
		if !ok {
			return fmt.Errorf("%s: %w", s.Name, errResizeFloats)
		}
		m, err := was.Resized(r)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		changed = changed || m != was
		*part, resized = m, append(resized, m)
	}
	if changed {
		s.SHA256 = sumOf(resized...)
	}
	return nil
}

// isFolder reports whether a name is that of a folder, also behind a link, that is not
// hidden.
func isFolder(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.IsDir() && !isHidden(name)
}
