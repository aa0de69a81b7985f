package nn

// Param is a parameter of a network.
type Param struct {
	ParamSpec
	Layer string    // name of the layer that owns it
	Data  []float32 // row-major values, which the network uses; may be changed
	// Frozen parameters have no gradient, and optimizers do not update them: PyTorch's
	// requires_grad=False, Keras's trainable=False. A Stepper and an Executor
	// read it when they are made. Freezing the parameters of a BatchNorm does not stop the
	// updates of its running statistics, as in PyTorch. In Keras a BatchNorm that is not
	// trainable runs as in inference.
	Frozen bool
}

// Trained reports whether the parameter has a gradient: its role has one, and it is not
// frozen.
func (p *Param) Trained() bool { return p.Role.Trained() && !p.Frozen }

// FullName is the parameter's name in files and reports: "conv1.weight".
func (p *Param) FullName() string { return p.Layer + "." + p.Name }
