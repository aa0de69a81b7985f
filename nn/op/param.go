package op

// Weights are the values (or the gradients) of one layer's parameters, in the
// order of Op.Params.
type Weights [][]float32

// Role says what a parameter is for. Initialisers, weight decay and reports depend on it.
type Role int

const (
	Weight    Role = iota // a kernel or matrix
	Bias                  // added per output channel
	Slope                 // α of PReLU
	Beta                  // β of Swish-β
	Scale                 // γ of a normalisation
	Statistic             // a running mean or variance: no gradient, updated in training
	Constant              // a fixed number: no gradient, never changed
)

// Trained reports whether parameters of the role have gradients.
func (r Role) Trained() bool { return r != Statistic && r != Constant }

// Valid reports whether the role is one of those above.
func (r Role) Valid() bool { return r >= Weight && r <= Constant }

// ParamSpec declares a parameter of a bound layer.
type ParamSpec struct {
	Name   string // within the layer: "weight", "bias", "alpha"
	Shape  Shape
	Role   Role
	FanIn  int // number of inputs of each output, at least 1
	FanOut int // number of outputs of each input, at least 1
	// Start, if not nil, is the initial value. Otherwise the initialiser decides.
	Start *float32
}
