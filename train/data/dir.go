package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// OpenDir reads a folder of IDX files: a training set and a test set under the
// names that MNIST and Fashion-MNIST use,
//
//	train-images-idx3-ubyte  train-labels-idx1-ubyte
//	t10k-images-idx3-ubyte   t10k-labels-idx1-ubyte
//
// each also with .gz, with ".idx" for "-idx", and with idx4 for pictures in
// colour. Pictures are (N, H, W) or (N, C, H, W) unsigned bytes of any size.
// The number of classes is one more than the largest label of both sets.
func OpenDir(dir string) (train, test *Images, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, err
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("%s: not a folder; need one with the IDX files of a data set", dir)
	}
	return readPair(dir, "train", "t10k")
}

// readPair reads a training set and a test set by the beginnings of their names.
func readPair(dir, trainPrefix, testPrefix string) (train, test *Images, err error) {
	train, errTrain := readSet(os.DirFS(dir), dir, trainPrefix)
	test, errTest := readSet(os.DirFS(dir), dir, testPrefix)
	if err := errors.Join(errTrain, errTest); err != nil {
		return nil, nil, oneLine(err)
	}
	if !train.Shape().Equal(test.Shape()) {
		return nil, nil, fmt.Errorf("%s: training pictures of shape %v and test pictures of shape %v; need the same",
			dir, train.Shape(), test.Shape())
	}
	train.classes = max(train.classes, test.classes)
	test.classes = train.classes
	return train, test, nil
}

func oneLine(err error) error { return errors.New(strings.ReplaceAll(err.Error(), "\n", "; ")) }

// ReadIDX reads one set of pictures and labels from a file system, such as an
// embedded one, as OpenDir reads it from a folder; prefix is "train" or "t10k".
// The number of classes is one more than the largest label.
func ReadIDX(fsys fs.FS, prefix string) (*Images, error) { return readSet(fsys, "", prefix) }

func readSet(fsys fs.FS, dir, prefix string) (*Images, error) {
	imageName, errImages := find(fsys, dir, prefix+"-images", "idx3", "idx4")
	labelName, errLabels := find(fsys, dir, prefix+"-labels", "idx1")
	if err := errors.Join(errImages, errLabels); err != nil {
		return nil, oneLine(err)
	}
	dims, pixels, err := readIDX(fsys, imageName, filepath.Join(dir, imageName), 3, 4)
	if err != nil {
		return nil, err
	}
	_, raw, err := readIDX(fsys, labelName, filepath.Join(dir, labelName), 1)
	if err != nil {
		return nil, err
	}
	if len(raw) != dims[0] {
		return nil, fmt.Errorf("%s: %d labels for the %d pictures of %s; need one for each",
			filepath.Join(dir, labelName), len(raw), dims[0], imageName)
	}
	labels, classes := make([]int, len(raw)), 0
	for i, l := range raw {
		labels[i] = int(l)
		classes = max(classes, int(l)+1)
	}
	shape := nn.Shape(dims[1:])
	if len(shape) == 2 {
		shape = nn.Shape{1, dims[1], dims[2]}
	}
	return NewImages(shape, pixels, labels, classes)
}

// find gives the first of a file's usual names that is there.
func find(fsys fs.FS, dir, stem string, kinds ...string) (string, error) {
	for _, kind := range kinds {
		for _, sep := range []string{"-", "."} {
			for _, ext := range []string{"", ".gz"} {
				name := stem + sep + kind + "-ubyte" + ext
				_, err := fs.Stat(fsys, name)
				if err == nil {
					return name, nil
				}
				if !errors.Is(err, fs.ErrNotExist) {
					return "", fmt.Errorf("%s: %w", filepath.Join(dir, name), reason(err))
				}
			}
		}
	}
	return "", fmt.Errorf("%s: no such file, nor with .gz", filepath.Join(dir, stem+"-"+kinds[0]+"-ubyte"))
}
