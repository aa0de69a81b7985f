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

// Op is a layer bound to the shapes of its inputs. It holds no samples and no
// parameter values, so one Op serves any number of goroutines.
type Op interface {
	// Shape is the shape of the output, for one sample.
	Shape() Shape
	// Params lists the parameters, in the order of Weights.
	Params() []ParamSpec
	// MACs is the number of multiply–accumulates of a forward pass for one sample.
	MACs() int
	// Forward computes y from the inputs x.
	Forward(w Weights, x []Block, y Block)
	// Backward adds to dw the gradient of the parameters and overwrites dx with
	// the gradient of the inputs, given x, y and the output's gradient dy. A dx[i]
	// without data is not wanted.
	Backward(w, dw Weights, x []Block, y, dy Block, dx []Block)
}

// Weights are the values (or the gradients) of one layer's parameters, in the
// order of Op.Params.
type Weights [][]float32

// Role says what a parameter is for, which initialisers, weight decay and
// reports ask.
type Role int

const (
	Weight    Role = iota // a kernel or matrix
	Bias                  // added per output channel
	Slope                 // α of PReLU
	Beta                  // β of Swish-β
	Scale                 // γ of a normalisation
	Statistic             // a running mean or variance: no gradient, it follows the batches
	Constant              // a fixed number: no gradient, and nothing changes it
)

// Trained reports whether parameters of the role have gradients, which optimizers follow.
func (r Role) Trained() bool { return r != Statistic && r != Constant }

// ParamSpec declares a parameter of a bound layer.
type ParamSpec struct {
	Name   string // within the layer: "weight", "bias", "alpha"
	Shape  Shape
	Role   Role
	FanIn  int // inputs that each output sums over
	FanOut int // outputs that each input reaches
	// Start, if not nil, is the value the layer itself asks for; without it the
	// initialiser decides.
	Start *float32
}

// Param is a parameter of a network.
type Param struct {
	ParamSpec
	Layer string    // name of the layer that owns it
	Data  []float32 // row-major values; part of the network, shared by all who hold it
	// Frozen parameters keep their values: they have no gradient and optimizers leave them
	// alone; PyTorch's requires_grad=False, Keras's trainable=False. Read when a Stepper or
	// an executor is made.
	Frozen bool
}

// Trained reports whether the parameter has a gradient, which optimizers follow: its role
// is trained and it is not frozen.
func (p *Param) Trained() bool { return p.Role.Trained() && !p.Frozen }

// FullName is the parameter's name in files and reports: "conv1.weight".
func (p *Param) FullName() string { return p.Layer + "." + p.Name }
