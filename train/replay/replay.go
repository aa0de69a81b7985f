package replay

import (
	"context"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// Options say how to replay. The zero value is by the bundle's own semantics, to its end.
type Options struct {
	// Semantics, if not nil, are in place of the framework's: what a training would be that
	// mistook one for the other.
	Semantics *nn.Semantics
	Tolerance *Tolerance // nil for DefaultTolerance
	Steps     int        // how many to replay, 0 for all
	Workers   int        // number of goroutines, 0 for one a processor
}

// Run replays a bundle. An error says that it could not be replayed; that it differs is in the
// result.
func Run(ctx context.Context, b *bundle.Bundle, o Options) (*Result, error) {
	r, err := newReplayer(b, o)
	if err != nil {
		return nil, err
	}
	steps := b.Steps
	if o.Steps > 0 {
		steps = min(steps, o.Steps)
	}
	before, err := b.Before(0, r.update.slots)
	if err != nil {
		return nil, err
	}
	if err := r.startFree(before); err != nil {
		return nil, err
	}
	result := &Result{}
	for k := range steps {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		after, err := b.Before(k+1, r.update.slots)
		if err != nil {
			return nil, err
		}
		step, err := r.step(k, before, after)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", k, err)
		}
		result.Steps = append(result.Steps, *step)
		for _, d := range step.Worst {
			if d.Rounded {
				result.Rounded++
			}
		}
		before = after
	}
	result.finish()
	return result, nil
}

// replayer replays a bundle step by step.
type replayer struct {
	bundle    *bundle.Bundle
	semantics nn.Semantics
	tolerance Tolerance
	place     *placement
	shapes    map[string][]int // of recorded parameters
	rank      map[string]int   // of recorded parameters, by their place in the network
	loss      nn.Loss
	net       *nn.Network
	masks     map[string]*mask // by layer
	planes    map[string]int   // pixels of a channel, by recorded running statistic
	// cancelling are recorded biases in front of a batch normalisation.
	cancelling map[string]bool
	stepper    *nn.Stepper
	noisy      *nn.Stepper // of a noisyLoss; nil before it is needed
	update     *update

	grads, stats map[string][]float32 // of the step, in the recorded layout
	free         *free
}

func newReplayer(b *bundle.Bundle, o Options) (*replayer, error) {
	r := &replayer{bundle: b, semantics: b.FrameworkSemantics(), tolerance: DefaultTolerance,
		shapes: map[string][]int{}, rank: map[string]int{}, grads: map[string][]float32{}, stats: map[string][]float32{}}
	if o.Semantics != nil {
		r.semantics = *o.Semantics
	}
	if o.Tolerance != nil {
		r.tolerance = *o.Tolerance
	}
	var err error
	if r.place, err = place(b); err != nil {
		return nil, err
	}
	fail := func(err error) error { return &bundle.Error{File: b.Path(bundle.DescriptionFile), Err: err} }
	if r.loss, err = newLoss(b.Loss, r.semantics); err != nil {
		return nil, fail(err)
	}
	if r.update, err = newUpdate(&b.Description, r.semantics); err != nil {
		return nil, fail(err)
	}
	if err := r.buildNetwork(b); err != nil {
		return nil, fail(err)
	}
	for _, p := range b.Parameters {
		r.shapes[p.Name] = p.Shape
		switch {
		case p.Trained:
			r.grads[p.Name] = make([]float32, nn.Shape(p.Shape).Size())
		case p.Statistic:
			r.stats[p.Name] = make([]float32, nn.Shape(p.Shape).Size())
		}
	}
	for i, p := range r.net.Params() {
		if s := r.place.params[p.FullName()]; s != nil {
			r.rank[s.name] = i
		}
	}
	r.stepper = nn.NewStepper(r.net, r.loss, o.Workers)
	return r, nil
}

// step replays step k by itself, and takes one of the free-running training.
func (r *replayer) step(k int, before, after *bundle.State) (*Step, error) {
	if err := r.bundle.CheckKept(k, before, after); err != nil {
		return nil, err
	}
	s, err := r.bundle.Step(k)
	if err != nil {
		return nil, err
	}
	x, err := r.batchOf(s)
	if err != nil {
		return nil, err
	}
	if err := r.setMasks(s.Mask, x.Len()); err != nil {
		return nil, err
	}
	r.place.put(r.net.Params(), before.Values)
	idx := identity(x.Len())
	stats, err := r.stepper.Step(x, idx)
	if err != nil {
		return nil, err
	}
	r.place.gather(r.stepper.Grads(), r.grads)
	r.place.statistics(r.net, r.stats)

	j := &judge{step: &Step{Step: k, Worst: map[Kind]Deviation{}}, tolerance: r.tolerance, cancelling: r.cancelling}
	j.loss(stats.Loss(), s.Loss)
	for _, name := range r.inOrder(r.stats) {
		terms := float64(x.Len() * r.planes[name])
		j.onScale(KindStatistic, name, r.stats[name], after.Values[name], scaleOfMeans(r.bundle.BatchNorm, name, before, after),
			r.tolerance.Statistic+r.tolerance.Summation*terms/(1<<24))
	}
	if err := r.judgeGradients(j, x, idx, before, s.Grad); err != nil {
		return nil, err
	}
	if err := r.judgeUpdate(j, k, before, after, s); err != nil {
		return nil, err
	}
	if err := r.freeStep(j.step, k, x, s, after); err != nil {
		return nil, err
	}
	return j.step, nil
}

// inOrder are the names of tensors from the input of the network to its output.
func (r *replayer) inOrder(tensors map[string][]float32) []string {
	var names []string
	for name := range tensors {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return r.rank[a] - r.rank[b] })
	return names
}

// judgeUpdate gives the optimizer the recorded gradients and holds what it makes of them against
// what the framework's made.
func (r *replayer) judgeUpdate(j *judge, k int, before, after *bundle.State, s *bundle.Step) error {
	if err := r.update.load(&r.bundle.Description, r.semantics, k, before); err != nil {
		return err
	}
	names := r.inOrder(r.grads)
	clipped := r.update.clipped(s.Grad)
	for _, name := range names {
		j.gradient(KindClipping, name, clipped[name], s.Clipped[name], s.Clipped, nil)
	}
	if err := r.update.step(k, s.Clipped); err != nil {
		return err
	}
	recorded := map[*nn.Param]string{}
	for name, p := range r.update.params {
		recorded[p] = name
	}
	for _, o := range r.update.groups {
		for slot, m := range o.State().Moments {
			for i, p := range o.Params() {
				name := r.update.slots[slot]
				want := after.Moments[name][recorded[p]]
				if want == nil {
					return fmt.Errorf("the bundle has no state %s of %s after it", name, recorded[p])
				}
				j.onScale(KindState, name+" of "+recorded[p], m.Values[i], want, 0, r.tolerance.State)
			}
		}
	}
	for _, name := range names {
		j.parameter(name, before.Values[name], r.update.params[name].Data, after.Values[name])
	}
	return nil
}
