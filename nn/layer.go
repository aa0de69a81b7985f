package nn

// Layer describes one operation of a network: its hyperparameters, without
// shapes of data and without parameter values. Layers are small values
// (Conv{Out: 8, Kernel: [2]int{7, 7}}) that may be used any number of times.
type Layer interface {
	// Kind is the layer's name in the field: "Conv", "Dense", "PReLU".
	Kind() string
	// Stem is the start of the names that Sequential gives: "conv", "act".
	Stem() string
	// Bind fixes the shapes of the inputs. An input that the layer cannot take is
	// an error that says what it got and what it needs; the Builder puts the
	// layer's name in front.
	Bind(in []Shape) (Op, error)
}

// Param is a parameter of a network.
type Param struct {
	ParamSpec
	Layer string    // name of the layer that owns it
	Data  []float32 // row-major values; part of the network, shared by all who hold it
	// Frozen parameters have no gradient, and optimizers leave them alone; PyTorch's
	// requires_grad=False, Keras's trainable=False. A Stepper and an Executor read it when
	// they are made. Running statistics have no gradient anyway: they follow the batches
	// even where the layer's parameters are frozen, as in PyTorch. (In Keras a BatchNorm
	// that is not trainable runs as in inference.)
	Frozen bool
}

// Trained reports whether the parameter has a gradient, which optimizers follow: its role
// is trained and it is not frozen.
func (p *Param) Trained() bool { return p.Role.Trained() && !p.Frozen }

// FullName is the parameter's name in files and reports: "conv1.weight".
func (p *Param) FullName() string { return p.Layer + "." + p.Name }
