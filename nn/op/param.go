package op

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
