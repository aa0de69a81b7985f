package train

import "github.com/gonn-toolkit/gonn/nn"

// Best keeps the parameters of the epoch with the lowest monitored loss (that of
// validation, if there is any): Keras's ModelCheckpoint(save_best_only=True) and
// EarlyStopping(restore_best_weights=True), in memory.
type Best struct {
	Base
	// Restore puts the best parameters back at the end of a training that did not
	// fail.
	Restore bool

	// What it remembers, to be set before Fit when a training is resumed.
	Lowest  Lowest
	Weights [][]float32 // in the order of Network.Params; nil before the first epoch
}

// EpochEnd copies the parameters if the epoch was the best so far.
func (b *Best) EpochEnd(s *State) error {
	if !b.Lowest.See(s.Last(), 0) {
		return nil
	}
	b.Allocate(s.Network)
	for i, p := range s.Network.Params() {
		copy(b.Weights[i], p.Data)
	}
	return nil
}

// TrainEnd restores the best parameters if that is wanted.
func (b *Best) TrainEnd(s *State) error {
	if b.Restore && s.Err == nil {
		b.CopyTo(s.Network)
	}
	return nil
}

// Allocate makes room for the parameters of net, unless there is some.
func (b *Best) Allocate(net *nn.Network) {
	if b.Weights != nil {
		return
	}
	for _, p := range net.Params() {
		b.Weights = append(b.Weights, make([]float32, len(p.Data)))
	}
}

// CopyTo gives net the best parameters. Before the first epoch it changes nothing.
func (b *Best) CopyTo(net *nn.Network) {
	if b.Weights == nil {
		return
	}
	for i, p := range net.Params() {
		copy(p.Data, b.Weights[i])
	}
}
