package loss

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Targets are what a network should give for the samples of a block: a class each, or
// numbers.
type Targets struct {
	N int // samples, in the first lanes
	// Classes are the classes of the samples, if Values has no data.
	Classes [op.Lanes]int
	// Values are numbers: a vector to be approximated, 0 and 1 for several labels, a map, or
	// the number of a class for each pixel. Lanes without a sample hold zero.
	Values op.Block
}

// TargetSpec says what the targets of a data set are: one of so many classes, or numbers of
// a shape.
type TargetSpec struct {
	Classes int      // 0 for numbers
	Shape   op.Shape // of the numbers of one sample
}

// String describes the targets in messages.
func (s TargetSpec) String() string {
	if s.Classes > 0 {
		return fmt.Sprintf("%d classes", s.Classes)
	}
	return fmt.Sprintf("targets of shape %v", s.Shape)
}

// ClassTargets are targets of up to Lanes samples of one class each.
func ClassTargets(classes ...int) *Targets {
	t := &Targets{N: len(classes)}
	copy(t.Classes[:], classes)
	return t
}

// ValueTargets are targets of up to Lanes samples, whose numbers lie one after the other in
// rows, each of a shape.
func ValueTargets(s op.Shape, rows []float32) *Targets {
	t := &Targets{N: len(rows) / s.Size(), Values: op.NewBlock(s)}
	t.Values.SetSamples(rows)
	return t
}

// at is what output k of outputs should be for a sample: the number, or that of the one-hot
// vector of its class. A single output should be the class itself, 0 or 1.
func (t *Targets) at(k, lane, outputs int) float64 {
	switch {
	case t.Values.Data != nil:
		return float64(t.Values.Data[k*op.Lanes+lane])
	case outputs == 1:
		return float64(t.Classes[lane])
	case t.Classes[lane] == k:
		return 1
	}
	return 0
}
