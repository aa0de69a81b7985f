package data

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
)

// idxSet are the headers of the pictures and the labels of a set.
type idxSet struct {
	images, labels *idxHead
	shape          nn.Shape
}

func headSet(fsys fs.FS, dir, prefix string) (*idxSet, error) {
	imageName, errImages := find(fsys, dir, prefix+"-images", "idx3", "idx4")
	labelName, errLabels := find(fsys, dir, prefix+"-labels", "idx1")
	if err := errors.Join(errImages, errLabels); err != nil {
		return nil, oneLine(err)
	}
	images, err := headIDX(fsys, imageName, filepath.Join(dir, imageName), 3, 4)
	if err != nil {
		return nil, err
	}
	labels, err := headIDX(fsys, labelName, filepath.Join(dir, labelName), 1)
	if err != nil {
		return nil, err
	}
	if labels.dims[0] != images.dims[0] {
		return nil, fmt.Errorf("%s: %d labels for the %d pictures of %s; need one for each",
			labels.label, labels.dims[0], images.dims[0], imageName)
	}
	if err := errors.Join(images.checkSize(), labels.checkSize()); err != nil {
		return nil, oneLine(err)
	}
	shape := nn.Shape(images.dims[1:])
	if len(shape) == 2 {
		shape = nn.Shape{1, shape[0], shape[1]}
	}
	return &idxSet{images, labels, shape}, nil
}

// labelRange is a writer of labels that keeps the smallest and the largest.
type labelRange struct{ first, last byte }

func (r *labelRange) Write(p []byte) (int, error) {
	for _, l := range p {
		r.first, r.last = min(r.first, l), max(r.last, l)
	}
	return len(p), nil
}

func (r labelRange) classes() int { return int(r.last) + 1 }

// bytesOfLabel is what a label takes in memory: as it is read, and as it is kept.
const bytesOfLabel = 1 + 8

// walkSets reads the labels of sets, keeping their range. The pictures are walked too if they
// and the labels would take more memory than a refusal may.
func walkSets(sets ...*idxSet) (labelRange, error) {
	labels := labelRange{first: 255}
	var need, stored int64
	for _, s := range sets {
		if err := s.labels.copyTo(&labels); err != nil {
			return labelRange{}, err
		}
		need += s.images.need + bytesOfLabel*s.labels.need
		stored += s.images.size + s.labels.size
	}
	if need <= keepBudget(stored) {
		return labels, nil
	}
	for _, s := range sets {
		if err := s.images.copyTo(io.Discard); err != nil {
			return labelRange{}, err
		}
	}
	return labels, nil
}

// read reads the set into memory.
func (s *idxSet) read(classes int) (*Images, error) {
	pixels, err := s.images.elements()
	if err != nil {
		return nil, err
	}
	raw, err := s.labels.elements()
	if err != nil {
		return nil, err
	}
	labels := make([]int, len(raw))
	for i, l := range raw {
		labels[i] = int(l)
	}
	return NewImages(s.shape, pixels, labels, classes)
}
