package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/internal/regular"
)

var cifarShape = nn.Shape{3, 32, 32}

// cifar is one of the two sets of Krizhevsky's in their binary form: files of
// records, each some bytes of labels and a picture in C, H, W order, without a
// header.
type cifar struct {
	train     []string
	test      string
	labels    int // bytes a record, of which the last is the label
	classes   int
	namesFile string // one name a line; it may be missing
	names     []string
}

var cifars = []cifar{
	{
		train:     []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
		test:      "test_batch.bin",
		labels:    1,
		classes:   10,
		namesFile: "batches.meta.txt",
		names:     []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
	},
	// CIFAR-100, whose records have a label of 20 coarse classes first.
	{train: []string{"train.bin"}, test: "test.bin", labels: 2, classes: 100, namesFile: "fine_label_names.txt"},
}

// open reads the set from a folder. Each file must be there and hold a whole
// number of records.
func (k cifar) open(dir string) (*Set, error) {
	train, err := k.read(dir, k.train)
	if err != nil {
		return nil, err
	}
	test, err := k.read(dir, []string{k.test})
	if err != nil {
		return nil, err
	}
	set, err := NewSet(dir, train, test)
	if err != nil {
		return nil, err
	}
	if set.ClassNames, err = k.classNames(dir); err != nil {
		return nil, err
	}
	return set, nil
}

func (k cifar) classNames(dir string) (ClassNames, error) {
	path := filepath.Join(dir, k.namesFile)
	lines, err := readClassNames(path)
	if errors.Is(err, fs.ErrNotExist) {
		return k.names, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := NewClassNames(lines, k.classes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return names, nil
}

// read reads the pictures of some files, one after the other.
func (k cifar) read(dir string, names []string) (*Images, error) {
	record := k.labels + cifarShape.Size()
	total := 0
	for _, name := range names {
		n, err := countRecords(filepath.Join(dir, name), record)
		if err != nil {
			return nil, err
		}
		if total += n; total > MaxBytes/record {
			return nil, fmt.Errorf("%s: more than %d pictures with the files before it, the most that is read", filepath.Join(dir, name), MaxBytes/record)
		}
	}
	pixels, labels := make([]byte, 0, total*cifarShape.Size()), make([]int, 0, total)
	for _, name := range names {
		path := filepath.Join(dir, name)
		f, size, err := openRegular(path)
		if err != nil {
			return nil, err
		}
		pixels, labels, err = k.append(pixels, labels, f, int(size)/record)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return NewImages(cifarShape, pixels, labels, k.classes)
}

// countRecords looks at a file's size alone.
func countRecords(path string, record int) (int, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	if err := regular.Check(path, info, MaxBytes); err != nil {
		return 0, err
	}
	if n := int(info.Size()); n == 0 || n%record != 0 {
		return 0, fmt.Errorf("%s: %d bytes; need a whole number of records of %d bytes, the label and the 32 × 32 pixels of three channels",
			path, n, record)
	}
	return int(info.Size()) / record, nil
}

// append reads n records.
func (k cifar) append(pixels []byte, labels []int, r io.Reader, n int) ([]byte, []int, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	record := make([]byte, k.labels+cifarShape.Size())
	for i := range n {
		if _, err := io.ReadFull(buffered, record); err != nil {
			return nil, nil, fmt.Errorf("cannot read record %d of %d: %w", i, n, err)
		}
		label := int(record[k.labels-1])
		if label >= k.classes {
			return nil, nil, fmt.Errorf("label %d of record %d; need 0 to %d", label, i, k.classes-1)
		}
		pixels, labels = append(pixels, record[k.labels:]...), append(labels, label)
	}
	return pixels, labels, nil
}
