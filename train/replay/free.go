package replay

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// free is the free-running training: what the replayer has of its own between steps.
type free struct {
	update *update
	values map[string][]float32 // parameters and statistics
	grads  map[string][]float32
	// noise are parameters whose gradient has been nothing but rounding: an optimizer such as
	// Adam makes full steps of it, in any direction.
	noise map[string]bool
}

// startFree begins it at the recorded start.
func (r *replayer) startFree(start *bundle.State) error {
	u, err := newUpdate(&r.bundle.Description, r.semantics)
	if err != nil {
		return err
	}
	if err := u.load(&r.bundle.Description, r.semantics, 0, start); err != nil {
		return err
	}
	f := &free{update: u, values: map[string][]float32{}, grads: map[string][]float32{}, noise: map[string]bool{}}
	for name, v := range start.Values {
		f.values[name] = append([]float32(nil), v...)
		if r.grads[name] != nil {
			f.grads[name] = make([]float32, len(v))
		}
	}
	for name, p := range u.params {
		f.values[name] = p.Data
	}
	r.free = f
	return nil
}

// freeStep takes step k on the recorded batch.
func (r *replayer) freeStep(s *Step, k int, x nn.Dataset, recorded *bundle.Step, after *bundle.State) error {
	f := r.free
	r.place.put(r.net.Params(), f.values)
	stats, err := r.stepper.Step(x, identity(x.Len()))
	if err != nil {
		return err
	}
	r.place.gather(r.stepper.Grads(), f.grads)
	r.place.statistics(r.net, f.values)
	if err := f.update.goOn(&r.bundle.Description, r.semantics, k); err != nil {
		return err
	}
	if err := f.update.step(k, f.update.clipped(f.grads)); err != nil {
		return err
	}
	s.Free.Loss = maxNaN(0, math.Abs(stats.Loss()-recorded.Loss)/max(math.Abs(recorded.Loss), 1))
	floor := r.tolerance.GradientFloor * normOfAll(recorded.Grad)
	for _, name := range r.inOrder(r.grads) {
		if f.noise[name] = f.noise[name] || r.cancelling[name] || norm(recorded.Grad[name]) <= floor; f.noise[name] {
			continue
		}
		if e := share(largestDifference(f.values[name], after.Values[name]), largest(after.Values[name])); s.Free.Tensor == "" || e > s.Free.Parameter {
			s.Free.Parameter, s.Free.Tensor = e, name
		}
	}
	return nil
}
