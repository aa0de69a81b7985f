package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Targets are what a network should give for the samples of a block: a class each, or
// numbers.
type Targets struct {
	N int // samples, in the first lanes
	// Classes are the classes of the samples, if Values has no data.
	Classes [Lanes]int
	// Values are numbers: a vector to be approximated, 0 and 1 for several labels, a map, or
	// the number of a class for each pixel. Lanes without a sample hold zero.
	Values Block
}

// TargetSpec says what the targets of a data set are: one of so many classes, or numbers of
// a shape.
type TargetSpec struct {
	Classes int   // 0 for numbers
	Shape   Shape // of the numbers of one sample
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
func ValueTargets(s Shape, rows []float32) *Targets {
	t := &Targets{N: len(rows) / s.Size(), Values: op.NewBlock(s)}
	t.Values.SetSamples(rows)
	return t
}

// at is what output k of outputs should be for a sample: the number, or that of the one-hot
// vector of its class. A single output should be the class itself, 0 or 1.
func (t *Targets) at(k, lane, outputs int) float64 {
	switch {
	case t.Values.Data != nil:
		return float64(t.Values.Data[k*Lanes+lane])
	case outputs == 1:
		return float64(t.Classes[lane])
	case t.Classes[lane] == k:
		return 1
	}
	return 0
}

// targetSource gives the targets of a data set.
type targetSource struct {
	spec     TargetSpec
	labelled Samples // nil: numbers
	values   TargetSamples
}

func targetsOf(data Dataset) (targetSource, error) {
	switch d := data.(type) {
	case Samples:
		return targetSource{spec: TargetSpec{Classes: d.Classes()}, labelled: d}, nil
	case TargetSamples:
		return targetSource{spec: TargetSpec{Shape: d.TargetShape()}, values: d}, nil
	}
	return targetSource{}, fmt.Errorf("the data (%T) has neither labels nor targets: need nn.Samples or nn.TargetSamples", data)
}

// read fills in the targets of some samples.
func (s *targetSource) read(t *Targets, idx []int) error {
	t.N = len(idx)
	if s.labelled != nil {
		t.Values = Block{} // those of other data
		for l, i := range idx {
			t.Classes[l] = s.labelled.Label(i)
			if c := t.Classes[l]; c < 0 || c >= s.spec.Classes {
				return fmt.Errorf("sample %d has label %d, the data has classes 0…%d", i, c, s.spec.Classes-1)
			}
		}
		return nil
	}
	if t.Values.Data == nil || !t.Values.Shape.Equal(s.spec.Shape) {
		t.Values = op.NewBlock(s.spec.Shape)
	}
	return s.values.FillTargets(t.Values, idx)
}
