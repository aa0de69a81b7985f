package nn

import "fmt"

// Dataset is a data set that a network can read. Implementations must be safe for concurrent
// use: several goroutines call Fill at once.
type Dataset interface {
	// Len is the number of samples.
	Len() int
	// Shape is the shape of one sample, (C, H, W).
	Shape() Shape
	// Fill writes sample idx[l] to lane l of dst, and zero to the lanes from len(idx) on. An
	// error ends the run.
	Fill(dst Block, idx []int) error
}

// Samples is a data set whose targets are classes, one a sample.
type Samples interface {
	Dataset
	// Classes is the number of classes.
	Classes() int
	// Label is the class of sample i, 0 ≤ label < Classes.
	Label(i int) int
}

// TargetSamples is a data set whose targets are numbers: vectors, several labels a sample, maps.
type TargetSamples interface {
	Dataset
	// TargetShape is the shape of the target of one sample.
	TargetShape() Shape
	// FillTargets writes the target of sample idx[l] to lane l of dst, and zero to the lanes
	// from len(idx) on. An error ends the run.
	FillTargets(dst Block, idx []int) error
}

// SampleReader is a data set that can also read a single sample, which saves the memory of a
// block if samples run one by one.
type SampleReader interface {
	Dataset
	// ReadSample writes sample i, row-major, to dst.
	ReadSample(dst []float32, i int) error
}

// ReadSample writes sample i of a data set, row-major, to dst.
func ReadSample(dst []float32, data Dataset, i int) error {
	if r, ok := data.(SampleReader); ok {
		return r.ReadSample(dst, i)
	}
	b := NewBlock(data.Shape())
	if err := data.Fill(b, []int{i}); err != nil {
		return err
	}
	b.Sample(0, dst)
	return nil
}

// CheckClasses returns an error if all samples of a training set are of one class, so that there
// is nothing to learn. An empty set is not an error here; training reports it.
func CheckClasses(data Samples) error {
	for i := range data.Len() {
		if data.Label(i) != data.Label(0) {
			return nil
		}
	}
	if data.Len() == 0 {
		return nil
	}
	return fmt.Errorf("all %d training samples are of class %d: need samples of at least two classes", data.Len(), data.Label(0))
}
