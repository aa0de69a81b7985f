package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// targetSource reads the targets of a data set.
type targetSource struct {
	spec     loss.TargetSpec
	labelled Samples // nil if the targets are values
	values   TargetSamples
}

func targetsOf(data Dataset) (targetSource, error) {
	switch d := data.(type) {
	case Samples:
		return targetSource{spec: loss.TargetSpec{Classes: d.Classes()}, labelled: d}, nil
	case TargetSamples:
		return targetSource{spec: loss.TargetSpec{Shape: d.TargetShape()}, values: d}, nil
	}
	return targetSource{}, fmt.Errorf("the data (%T) has neither labels nor targets: need nn.Samples or nn.TargetSamples", data)
}

// read reads the targets of samples idx into t.
func (s *targetSource) read(t *loss.Targets, idx []int) error {
	t.N = len(idx)
	if s.labelled != nil {
		t.Values = Block{} // from other data
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
