package optim

import "github.com/gonn-toolkit/gonn/nn"

// Plateau multiplies the rate by Factor, down to Min, when the monitored loss has not
// improved for a while, and then waits Cooldown epochs before it counts anew. The two
// frameworks' ReduceLROnPlateau have the same defaults but count differently:
//
//	PyTorch  improved: loss < (1 − 1e−4)·best    reduces after Patience + 1 epochs without
//	Keras    improved: loss < best − 1e−4        reduces after Patience epochs without
//
// and PyTorch's first epoch to count is the one after the cooldown, Keras's the last of it.
// PyTorch does not lower a rate by less than 1e−8.
// It is a Schedule that gives each step the rate as it is: EpochEnd changes that.
type Plateau struct {
	Semantics          nn.Semantics
	Factor             float64
	Patience, Cooldown int // epochs
	Min                float64

	// What it remembers, to be set when a training is resumed.
	Best    float64 // the lowest loss
	Epochs  int     // seen; before the first there is no Best
	Waited  int     // epochs without improvement
	Cooling int     // epochs of cooldown to come
}

func (*Plateau) At(lr float64, _ Time) float64 { return lr }

func (p *Plateau) String() string {
	return spell("plateau", p.Factor, float64(p.Patience), float64(p.Cooldown), p.Min)
}

// EpochEnd takes the loss of an epoch into account and returns the rate from now on.
func (p *Plateau) EpochEnd(loss, lr float64) float64 {
	p.Epochs++
	due := p.countPyTorch
	if p.Semantics == nn.Keras {
		due = p.countKeras
	}
	if !due(loss) {
		return lr
	}
	p.Waited, p.Cooling = 0, p.Cooldown
	least := 0.0
	if p.Semantics == nn.PyTorch {
		least = 1e-8
	}
	if next := max(lr*p.Factor, p.Min); lr-next > least {
		return next
	}
	return lr
}

func (p *Plateau) countPyTorch(loss float64) (due bool) {
	p.Waited++
	if p.Epochs == 1 || loss < p.Best*(1-1e-4) {
		p.Best, p.Waited = loss, 0
	}
	if p.Cooling > 0 {
		p.Cooling--
		p.Waited = 0
	}
	return p.Waited > p.Patience
}

func (p *Plateau) countKeras(loss float64) (due bool) {
	if p.Cooling > 0 {
		p.Cooling--
		p.Waited = 0
	}
	switch {
	case p.Epochs == 1 || loss+1e-4 < p.Best:
		p.Best, p.Waited = loss, 0
	case p.Cooling == 0:
		p.Waited++
		return p.Waited >= p.Patience
	}
	return false
}

// PlateauOf is the plateau in a schedule, also behind a warm-up; nil if there is none.
func PlateauOf(s Schedule) *Plateau {
	switch s := s.(type) {
	case *Plateau:
		return s
	case Warmup:
		return PlateauOf(s.Then)
	case ByEpoch:
		return PlateauOf(s.Schedule)
	}
	return nil
}
