package run

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

// Run is a run as its files tell of it.
type Run struct {
	Dir      string
	Settings Settings
	Sessions []Machine
	Result   *Result // nil if the training has not come to its end
	// Network has the parameters that model.onnx has: those of BestEpoch, or the last if
	// that is 0.
	Network   *nn.Network
	BestEpoch int
	Position  train.Position
	Metrics   []train.EpochMetrics
	// Metadata is what model.onnx tells of its making.
	Metadata map[string]string
}

// Open reads a run. It writes nothing and takes no lock, so a run may be opened while it
// trains, and in a folder that is read-only.
func Open(dir string) (*Run, error) {
	s, err := load(dir)
	if err != nil {
		return nil, err
	}
	net, bestEpoch := s.export()
	return &Run{
		Dir:       dir,
		Settings:  s.Settings,
		Sessions:  s.record.Sessions,
		Result:    s.record.Result,
		Network:   net,
		BestEpoch: bestEpoch,
		Position:  s.position,
		Metrics:   s.history,
		Metadata:  s.Settings.metadata(s.position, bestEpoch),
	}, nil
}

// Epochs reads the networks of a run as its last epoch ended, and as the epoch ended that had the
// lowest validation loss, or without validation the lowest training loss, with the number of that
// one: 0 before the first, with the values that there are. Open gives the one that model.onnx has.
func Epochs(dir string) (last, best *nn.Network, bestEpoch int, err error) {
	s, err := load(dir)
	if err != nil {
		return nil, nil, 0, err
	}
	best = s.Network.Clone()
	s.best.CopyTo(best)
	return s.Network, best, s.best.Lowest.Epoch, nil
}
