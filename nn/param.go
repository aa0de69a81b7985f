package nn

import "fmt"

// Param is a parameter of a network.
type Param struct {
	ParamSpec
	Layer string    // name of the layer that owns it
	Data  []float32 // row-major values, which the network uses; they may be changed, the slice not
	// Frozen parameters have no gradient, and optimizers do not update them: PyTorch's
	// requires_grad=False, Keras's trainable=False. A Stepper and an Executor
	// read it when they are made. Freezing the parameters of a BatchNorm does not stop the
	// updates of its running statistics, as in PyTorch. In Keras a BatchNorm that is not
	// trainable runs as in inference.
	Frozen bool

	own []float32 // the Data that the network uses; nil for a parameter that no network has
}

// CheckData returns an error if Data is not the slice that the network uses any more. Then a change
// of one is not a change of the other.
func (p *Param) CheckData() error {
	if p.own == nil || len(p.Data) == len(p.own) && &p.Data[0] == &p.own[0] {
		return nil
	}
	return fmt.Errorf("parameter %s: Data was replaced by another slice, which the network does not use: copy values into it, as in copy(p.Data, values)", p.FullName())
}

// checkData is CheckData for all parameters.
func (n *Network) checkData() error {
	for _, p := range n.params {
		if err := p.CheckData(); err != nil {
			return err
		}
	}
	return nil
}

// Trained reports whether the parameter has a gradient: its role has one, and it is not
// frozen.
func (p *Param) Trained() bool { return p.Role.Trained() && !p.Frozen }

// FullName is the parameter's name in files and reports: "conv1.weight".
func (p *Param) FullName() string { return p.Layer + "." + p.Name }
