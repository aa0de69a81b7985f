package train

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Observer is a Callback that also sees each step from inside, such as a recorder. Its methods
// are called between EpochBegin and BatchEnd. It must not change what it is given.
type Observer interface {
	Callback
	// Observes names the layers whose outputs, and the layers or inputs whose gradients, it
	// wants to see of each step (nn.Stepper.Observe).
	Observes(net *nn.Network) (outputs, gradients []string)
	// Gradients is called before clipping.
	Gradients(s *State, step StepValues) error
	// Clipped is called before the optimizer's step, when its rate is set.
	Clipped(s *State, grads nn.Grads) error
}

// Selective is an Observer that wants to see some steps only, such as the first one of each
// epoch. In the others it costs nothing.
type Selective interface {
	Observer
	// Wants reports whether it wants to see the step that follows State.Position. If it asks for
	// outputs or gradients of layers, a change of the answer costs part of a step, since the
	// layers are planned anew.
	Wants(s *State) bool
}

// StepValues is what a step has computed.
type StepValues struct {
	Samples nn.Samples // as the epoch reads them
	Batch   []int      // indices of the batch in Samples
	Grads   nn.Grads   // before clipping
	// Outputs and OutputGradients are what Observer.Observes asked for.
	Outputs, OutputGradients map[string]*nn.Tensor
}

// observer is one of the callbacks.
type observer struct {
	Observer
	outputs, gradients []string // that it asks for
	sees               bool     // the step at hand
}

func (o *observer) wants(s *State) bool {
	selective, ok := o.Observer.(Selective)
	return !ok || selective.Wants(s)
}

// observe finds the observers among the callbacks, and has the stepper record for those that see
// every step.
func (f *fitting) observe() error {
	for _, c := range f.cfg.Callbacks {
		if o, ok := c.(Observer); ok {
			outputs, gradients := o.Observes(f.net)
			_, selective := o.(Selective)
			f.observers = append(f.observers, observer{o, outputs, gradients, !selective})
		}
	}
	return f.record()
}

// chooseObservers asks the observers whether they want to see the next step.
func (f *fitting) chooseObservers() error {
	other := false // what the stepper is to record
	for i := range f.observers {
		o := &f.observers[i]
		if wants := o.wants(&f.State); wants != o.sees {
			o.sees = wants
			other = other || len(o.outputs)+len(o.gradients) > 0
		}
	}
	if !other {
		return nil
	}
	return f.record()
}

// record has the stepper record what the observers of the step at hand ask for.
func (f *fitting) record() error {
	var outputs, gradients []string
	for o := range f.seeing {
		outputs, gradients = union(outputs, o.outputs), union(gradients, o.gradients)
	}
	if slices.Equal(outputs, f.outputs) && slices.Equal(gradients, f.gradients) {
		return nil
	}
	f.outputs, f.gradients = outputs, gradients
	return f.stepper.Observe(outputs, gradients)
}

// seeing yields the observers that see the step at hand.
func (f *fitting) seeing(yield func(observer) bool) {
	for _, o := range f.observers {
		if o.sees && !yield(o) {
			return
		}
	}
}

// union appends the names to list that it does not have.
func union(list, names []string) []string {
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// tellGradients tells observers of a batch's gradients.
func (f *fitting) tellGradients(idx []int, grads nn.Grads) error {
	if len(f.observers) == 0 {
		return nil
	}
	v := StepValues{Samples: f.view, Batch: idx, Grads: grads}
	v.Outputs, v.OutputGradients = f.stepper.Observed()
	for o := range f.seeing {
		if err := o.Gradients(&f.State, v); err != nil {
			return err
		}
	}
	return nil
}

// tellClipped tells observers of the gradients that the optimizer takes.
func (f *fitting) tellClipped(grads nn.Grads) error {
	for o := range f.seeing {
		if err := o.Clipped(&f.State, grads); err != nil {
			return err
		}
	}
	return nil
}
