package nn

import (
	"errors"
	"fmt"
)

var (
	// errWeightless is the error of a mean loss over a weight of 0.
	errWeightless = errors.New("every sample is of a class whose weight is 0, so that there is no mean loss: give these classes a weight, or take larger batches")
	errEmptyBatch = errors.New("an empty batch: need at least one sample")
)

// checkIndices returns an error if a batch is empty or an index is out of range.
func checkIndices(idx []int, n int) error {
	if len(idx) == 0 {
		return errEmptyBatch
	}
	for _, i := range idx {
		if i < 0 || i >= n {
			return fmt.Errorf("the batch asks for sample %d, the data has 0…%d", i, n-1)
		}
	}
	return nil
}

// checkShape returns an error unless the network has one input and takes the samples of a data
// set.
func (n *Network) checkShape(data Dataset) error {
	if err := n.CheckSingle(); err != nil {
		return err
	}
	if got := data.Shape(); !got.Equal(n.InputShape()) {
		return fmt.Errorf("the network takes samples of shape %v, the data has %v", n.InputShape(), got)
	}
	return nil
}

// checkSamples returns an error unless a loss can compare the output of the network with the
// targets of a data set.
func (n *Network) checkSamples(data Dataset, loss Loss) (targetSource, error) {
	if err := n.checkShape(data); err != nil {
		return targetSource{}, err
	}
	targets, err := targetsOf(data)
	if err != nil {
		return targetSource{}, err
	}
	return targets, loss.Check(n.OutputShape(), targets.spec)
}
