package loss

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Loss compares the output of a network with the targets of a block of samples. The target of a
// class is its one-hot vector, or the class itself, 0 or 1, for a network with a single output.
//
// The loss of a batch, and of a data set, is a weighted mean: the sum of the losses of the
// samples divided by the sum of their weights.
type Loss interface {
	// Name is the name of the loss on the command line.
	Name() string
	// Probabilities reports whether the loss takes probabilities, so that the network must end
	// in a sigmoid or softmax. Otherwise it takes logits.
	Probabilities() bool
	// Check returns an error if the loss cannot compare outputs of a shape with such targets.
	Check(output op.Shape, targets TargetSpec) error
	// Weight is the weight of the sample in a lane in the denominator of the mean. It is 1
	// except for class weights as in PyTorch.
	Weight(t *Targets, lane int) float64
	// Block returns the losses of the first t.N lanes, and 0 for the others. If dout has data,
	// these lanes of it are overwritten with the gradient of the sum of the losses, times
	// scale. The caller clears the other lanes.
	Block(out op.Block, t *Targets, dout op.Block, scale float32) [op.Lanes]float64
}

// checkElementwise is Check for losses that compare each output with a target: numbers of the
// output's shape, or classes.
func checkElementwise(output op.Shape, t TargetSpec) error {
	if t.Classes > 0 {
		return checkOutputs(output.Size(), t.Classes, true)
	}
	if !output.Equal(t.Shape) {
		return fmt.Errorf("the network gives %v, the data has %v", output, t)
	}
	return nil
}

// checkOutputs returns an error unless there is one output for each class. If single is set, one
// output is also accepted for two classes, or for data that has only one of them.
func checkOutputs(outputs, classes int, single bool) error {
	switch {
	case outputs == 1 && single && (classes == 1 || classes == 2):
		return nil
	case outputs == 1 && !single && (classes == 1 || classes == 2):
		return errors.New("the network has one output, which cross-entropy has nothing to compare with: choose bce-logits, or bce after a sigmoid")
	case outputs == classes && outputs > 1:
		return nil
	}
	return fmt.Errorf("the network has %d outputs, the data %d classes", outputs, classes)
}

// elementwise implements Block for losses that are a mean over the outputs of a function f of one
// output v and its target. f returns its value and its derivative by v, for output k.
func elementwise(out op.Block, t *Targets, dout op.Block, scale float32, f func(k int, v, target float64) (loss, d float64)) (losses [op.Lanes]float64) {
	clear(dout.Data)
	outputs := out.Shape.Size()
	for l := range t.N {
		for k := range outputs {
			loss, d := f(k, float64(out.Data[k*op.Lanes+l]), t.at(k, l, outputs))
			losses[l] += loss / float64(outputs)
			if dout.Data != nil {
				dout.Data[k*op.Lanes+l] = float32(d * float64(scale) / float64(outputs))
			}
		}
	}
	return losses
}
