package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
	return readPair(dir, "train", "t10k", nil)
}

// readPair reads a training set and a test set by the beginnings of their names. All that can
// be wrong is found before memory is taken for the pictures, among it what check says of the
// labels.
func readPair(dir, trainPrefix, testPrefix string, check func(labelRange) error) (train, test *Images, err error) {
	a, errTrain := headSet(os.DirFS(dir), dir, trainPrefix)
	b, errTest := headSet(os.DirFS(dir), dir, testPrefix)
	if err := errors.Join(errTrain, errTest); err != nil {
		return nil, nil, oneLine(err)
	}
	if !a.shape.Equal(b.shape) {
		return nil, nil, fmt.Errorf("%s: training pictures of shape %v and test pictures of shape %v; need the same", dir, a.shape, b.shape)
	}
	both, err := walkSets(a, b)
	if err != nil {
		return nil, nil, err
	}
	if check != nil {
		if err := check(both); err != nil {
			return nil, nil, err
		}
	}
	if train, err = a.read(both.classes()); err != nil {
		return nil, nil, err
	}
	test, err = b.read(both.classes())
	return train, test, err
}

func oneLine(err error) error { return errors.New(strings.ReplaceAll(err.Error(), "\n", "; ")) }

// ReadIDX reads one set of pictures and labels from a file system, such as an
// embedded one, as OpenDir reads it from a folder; prefix is "train" or "t10k".
// The number of classes is one more than the largest label.
func ReadIDX(fsys fs.FS, prefix string) (*Images, error) {
	s, err := headSet(fsys, "", prefix)
	if err != nil {
		return nil, err
	}
	labels, err := walkSets(s)
	if err != nil {
		return nil, err
	}
	return s.read(labels.classes())
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
