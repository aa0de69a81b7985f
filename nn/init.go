package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Initializer sets the initial values of parameters.
type Initializer struct {
	Name string
	// Weight is the bound b of the uniform distribution U(±b) of a weight.
	Weight func(p *Param) float64
	// Bias is that of a bias; nil means biases of zero.
	Bias func(p *Param) float64
	// Slope is the initial α of PReLU.
	Slope float32
}

// PyTorchInit is the default of torch.nn.Conv2d, Linear and PReLU: U(±1/√fan_in) for weight
// and bias, slopes of 0.25.
var PyTorchInit = Initializer{Name: "pytorch", Weight: boundFanIn, Bias: boundFanIn, Slope: 0.25}

// KerasInit is the default of keras.layers: glorot_uniform, U(±√(6/(fan_in + fan_out)))
// (Glorot & Bengio 2010), biases and slopes of 0.
var KerasInit = Initializer{
	Name:   "keras",
	Weight: func(p *Param) float64 { return math.Sqrt(6 / float64(p.FanIn+p.FanOut)) },
}

// Initializers are all initialisers, for ParseInitializer.
var Initializers = []Initializer{PyTorchInit, KerasInit}

func boundFanIn(p *Param) float64 { return 1 / math.Sqrt(float64(p.FanIn)) }

// ParseInitializer returns an initialiser by name.
func ParseInitializer(name string) (Initializer, error) {
	for _, i := range Initializers {
		if i.Name == name {
			return i, nil
		}
	}
	return Initializer{}, fmt.Errorf("unknown initialiser %q: choose pytorch or keras", name)
}

// Init sets all parameters except constants. The result depends only on the initialiser and the
// seed. Parameters with ParamSpec.Start get that value, β of Swish-β gets 1.
func (n *Network) Init(init Initializer, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0x676f6e6e)) // "gonn": a separate stream
	uniform := func(v []float32, bound float64) {
		for i := range v {
			v[i] = float32((2*rng.Float64() - 1) * bound)
		}
	}
	for _, p := range n.params {
		switch {
		case p.Role == Constant:
		case p.Start != nil:
			fill(p.Data, *p.Start)
		case p.Role == Slope:
			fill(p.Data, init.Slope)
		case p.Role == Beta:
			fill(p.Data, 1)
		case p.Role == Weight:
			uniform(p.Data, init.Weight(p))
		case init.Bias != nil:
			uniform(p.Data, init.Bias(p))
		default:
			fill(p.Data, 0)
		}
	}
}

func fill(v []float32, x float32) {
	for i := range v {
		v[i] = x
	}
}
