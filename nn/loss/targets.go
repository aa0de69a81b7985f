package loss

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Targets are the targets of a block of samples: classes or numbers.
type Targets struct {
	N int // number of samples, in the first lanes
	// Classes are the classes of the samples, if Values has no data.
	Classes [op.Lanes]int
	// Values are the target numbers: a vector, 0 and 1 for several labels, a map, or the index
	// of a class for each pixel. Lanes without a sample are zero.
	Values op.Block
}

// TargetSpec describes the targets of a data set: classes, or numbers of some shape.
type TargetSpec struct {
	Classes int      // number of classes; 0 for numbers
	Shape   op.Shape // shape of the numbers of one sample
}

// String describes the targets in messages.
func (s TargetSpec) String() string {
	if s.Classes > 0 {
		return fmt.Sprintf("%d classes", s.Classes)
	}
	return fmt.Sprintf("targets of shape %v", s.Shape)
}

// ClassTargets returns targets of up to op.Lanes samples, one class each.
func ClassTargets(classes ...int) *Targets {
	t := &Targets{N: len(classes)}
	copy(t.Classes[:], classes)
	return t
}

// ValueTargets returns targets of up to op.Lanes samples, whose numbers, each of shape s, are
// contiguous in rows.
func ValueTargets(s op.Shape, rows []float32) *Targets {
	t := &Targets{N: len(rows) / s.Size(), Values: op.NewBlock(s)}
	t.Values.SetSamples(rows)
	return t
}

// at is the target of output k of outputs: the number, or element k of the one-hot vector of the
// class. The target of a single output is the class itself, 0 or 1.
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
