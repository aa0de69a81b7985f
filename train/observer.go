package train

import "github.com/gonn-toolkit/gonn/nn"

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

// StepValues is what a step has computed.
type StepValues struct {
	Samples nn.Samples // as the epoch reads them
	Batch   []int      // indices of the batch in Samples
	Grads   nn.Grads   // before clipping
	// Outputs and OutputGradients are what Observer.Observes asked for.
	Outputs, OutputGradients map[string]*nn.Tensor
}

// observe tells the stepper what observers want to see.
func (f *fitting) observe() error {
	var outputs, gradients []string
	seen := map[string]bool{}
	add := func(list *[]string, kind string, names []string) {
		for _, name := range names {
			if !seen[kind+name] {
				seen[kind+name] = true
				*list = append(*list, name)
			}
		}
	}
	for _, c := range f.cfg.Callbacks {
		if o, ok := c.(Observer); ok {
			f.observers = append(f.observers, o)
			out, grads := o.Observes(f.net)
			add(&outputs, "output ", out)
			add(&gradients, "gradient ", grads)
		}
	}
	if len(outputs)+len(gradients) == 0 {
		return nil
	}
	return f.stepper.Observe(outputs, gradients)
}

// tellGradients tells observers of a batch's gradients.
func (f *fitting) tellGradients(idx []int, grads nn.Grads) error {
	if len(f.observers) == 0 {
		return nil
	}
	v := StepValues{Samples: f.view, Batch: idx, Grads: grads}
	v.Outputs, v.OutputGradients = f.stepper.Observed()
	for _, o := range f.observers {
		if err := o.Gradients(&f.State, v); err != nil {
			return err
		}
	}
	return nil
}

// tellClipped tells observers of the gradients that the optimizer takes.
func (f *fitting) tellClipped(grads nn.Grads) error {
	for _, o := range f.observers {
		if err := o.Clipped(&f.State, grads); err != nil {
			return err
		}
	}
	return nil
}
