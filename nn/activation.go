package nn

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// ActFunc is an elementwise function f(x; a): one row of the table of
// activations. a is its one parameter: fixed by the layer, learned, or not there.
//
// The loops work on stretches of a map, of any length. Their a is empty for a function
// without a parameter, else one value for all of x or one for each Lanes values of it; for
// Forward it may also be as long as x, one for each value (of a sample that goes through a
// network alone). They make no garbage and keep nothing.
type ActFunc struct {
	// Name is how the function is spelled on the command line and in reports.
	Name string
	// Formula is one line for help pages.
	Formula string
	// Arg says what the parameter is.
	Arg ArgKind
	// Param is the name of the parameter: "alpha", "beta"; "" if there is none.
	Param string
	// Role is the parameter's role when it is learned.
	Role Role
	// Default is the value of a fixed parameter that is not given; nil if it must be.
	Default *float32
	// Positive reports whether a fixed parameter must be above 0.
	Positive bool

	// Forward writes y = f(x; a). y may be x.
	Forward func(y, x, a []float32)
	// Backward writes dx = dy·∂f/∂x and adds to da, which is as long as a, the sums of
	// dy·∂f/∂a. dx may be dy. da is nil if no parameter is learned; dx is nil if only
	// the parameter's gradient is wanted.
	Backward func(dx, dy, x, a, da []float32)
	// BackwardKeras replaces Backward where Keras's derivative at a kink is another
	// one; nil if it is the same.
	BackwardKeras func(dx, dy, x, a, da []float32)
}

// ArgKind says what a function's parameter is.
type ArgKind int

const (
	NoArg   ArgKind = iota // f(x)
	Fixed                  // f(x; a) with a set once: leaky:-0.5
	Learned                // f(x; a) with a trained: prelu:channel
)

// ActFuncs is the table of activations, in the order of help pages. Everything
// that offers a choice of activation reads it.
var ActFuncs = []*ActFunc{
	&linear,
	&relu,
	&leaky,
	&prelu,
	&elu,
	&selu,
	&celu,
	&swish,
	&swishBeta,
	&mish,
	&gelu,
	&geluTanh,
	&hardswish,
	&sigmoid,
	&hardsigmoid,
	&logsigmoid,
	&softplus,
	&tanh,
	&softsign,
	&relu6,
	&thresholdedReLU,
}

// Activation is a layer that applies one function of the table to every element.
// The zero value of the fields after Func is the usual choice.
//
// A learned parameter is shared as Sharing says; its gradient is the sum over all
// elements (and samples) that share it.
type Activation struct {
	Func *ActFunc
	// Value is the fixed parameter. It is ignored for other kinds.
	Value float32
	// Sharing says which elements share a learned parameter.
	Sharing Sharing
	// Start is the value that a learned parameter starts from; nil leaves it to the
	// initialiser.
	Start *float32
	// Kink chooses the derivative where a function has a kink and the frameworks
	// differ: that of PReLU at x = 0 is the slope in PyTorch, and 0 in Keras, which
	// computes relu(x) − α·relu(−x). Each function's documentation tells its own.
	Kink Semantics
}

// ParseActivation reads an activation as it is spelled everywhere in gonn:
//
//	relu    leaky:-0.5    prelu    prelu:channel    prelu:one:0.25    swish:1.5
//
// A learned parameter may be followed by its sharing (one, channel, element, or a
// shape like 8x1x1) and by its start value.
func ParseActivation(spelled string) (Activation, error) {
	name, arg, hasArg := strings.Cut(spelled, ":")
	i := slices.IndexFunc(ActFuncs, func(f *ActFunc) bool { return f.Name == name })
	if i < 0 {
		return Activation{}, fmt.Errorf("unknown activation %q: choose one of %s", name, strings.Join(ActNames(), ", "))
	}
	a := Activation{Func: ActFuncs[i]}
	var err error
	switch {
	case a.Func.Arg == Fixed && hasArg:
		if a.Value, err = parseFinite(arg); err == nil {
			err = a.checkValue()
		}
	case a.Func.Arg == Fixed && a.Func.Default == nil:
		err = fmt.Errorf("needs its %s, as in %s:0.01", a.Func.Param, name)
	case a.Func.Arg == Fixed:
		a.Value = *a.Func.Default
	case a.Func.Arg == Learned && hasArg:
		err = a.parseLearned(arg)
	case hasArg:
		err = fmt.Errorf("takes no argument, got %q", arg)
	}
	if err != nil {
		return Activation{}, fmt.Errorf("activation %q: %w", spelled, err)
	}
	return a, nil
}

func (a *Activation) parseLearned(arg string) (err error) {
	sharing, start, hasStart := strings.Cut(arg, ":")
	if a.Sharing, err = ParseSharing(sharing); err != nil {
		return err
	}
	if hasStart {
		var v float32
		if v, err = parseFinite(start); err == nil {
			a.Start = &v
		}
	}
	return err
}

// checkValue is an error if the fixed parameter is not one that the function takes.
func (a *Activation) checkValue() error {
	if a.Func.Positive && !(a.Value > 0) {
		return fmt.Errorf("its %s is %s, it must be above 0", a.Func.Param, formatFloat(a.Value))
	}
	if a.Value-a.Value != 0 {
		return fmt.Errorf("its %s is %s, it must be a finite number", a.Func.Param, formatFloat(a.Value))
	}
	return nil
}

// parseFinite reads a float32. NaN and infinities are refused: no activation is a
// function with one of them as its parameter.
func parseFinite(s string) (float32, error) {
	v, err := strconv.ParseFloat(s, 32)
	if err != nil || v-v != 0 {
		return 0, fmt.Errorf("%q is not a finite number", s)
	}
	return float32(v), nil
}

// MustActivation is ParseActivation for spellings in source code; it panics on a
// wrong one.
func MustActivation(spelled string) Activation {
	a, err := ParseActivation(spelled)
	if err != nil {
		panic(err)
	}
	return a
}

// ActNames lists the names of the table.
func ActNames() []string {
	names := make([]string, len(ActFuncs))
	for i, f := range ActFuncs {
		names[i] = f.Name
	}
	return names
}

// String spells the activation so that ParseActivation reads it back.
func (a Activation) String() string {
	switch a.Func.Arg {
	case Fixed:
		if a.Func.Default != nil && *a.Func.Default == a.Value {
			return a.Func.Name
		}
		return a.Func.Name + ":" + formatFloat(a.Value)
	case Learned:
		s := a.Func.Name + ":" + a.Sharing.String()
		if a.Start != nil {
			s += ":" + formatFloat(*a.Start)
		}
		return s
	}
	return a.Func.Name
}

func formatFloat(v float32) string { return strconv.FormatFloat(float64(v), 'g', -1, 32) }

// Kind is the function's name, as spelled in ParseActivation.
func (a Activation) Kind() string {
	if a.Func == nil {
		return "activation"
	}
	return a.Func.Name
}
func (Activation) Stem() string { return "act" }

func (a Activation) withSemantics(s Semantics) Layer {
	a.Kink = s
	return a
}

func (a Activation) semantics() (Semantics, bool) {
	return a.Kink, a.Func != nil && a.Func.BackwardKeras != nil
}

func (a Activation) Bind(in []Shape) (Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	if a.Func == nil {
		return nil, errors.New("it has no function: take a row of ActFuncs, or ParseActivation")
	}
	op := &activationOp{act: a, shape: in[0], runs: []run{{hi: in[0].Size()}}}
	op.backward = a.Func.Backward
	if a.Kink == Keras && a.Func.BackwardKeras != nil {
		op.backward = a.Func.BackwardKeras
	}
	switch a.Func.Arg {
	case Fixed:
		if err := a.checkValue(); err != nil {
			return nil, err
		}
		op.fixed = []float32{a.Value}
	case Learned:
		var err error
		if op.runs, op.param, err = a.Sharing.bind(in[0]); err != nil {
			return nil, err
		}
		op.apart = apart(op.runs, op.param.Size())
	}
	op.back = op.runs
	return op, nil
}

type activationOp struct {
	act      Activation
	shape    Shape
	backward func(dx, dy, x, a, da []float32)
	fixed    []float32 // the parameter that is not learned, if there is one
	param    Shape     // of the learned parameter
	runs     []run     // which elements share which of its values
	back     []run     // the same in the backward pass
	apart    bool      // no two runs share a value
}

func (o *activationOp) Shape() Shape { return o.shape }
func (o *activationOp) MACs() int    { return 0 }

func (o *activationOp) Params() []ParamSpec {
	if o.act.Func.Arg != Learned {
		return nil
	}
	return []ParamSpec{{
		Name: o.act.Func.Param, Shape: o.param, Role: o.act.Func.Role,
		FanIn: 1, FanOut: 1, Start: o.act.Start,
	}}
}

// InPlace reports whether Forward may be given x as y and Backward dy as dx.
func (o *activationOp) InPlace() bool { return true }

// Split cuts maps by rows, as convolutions do: so a goroutine finds what it has computed
// itself. In the backward pass the elements that share a value of a learned parameter stay
// together, since they add to one gradient.
func (o *activationOp) Split(i, n int) op.Op {
	part := *o
	stretches := o.stretches(i, n)
	part.runs = cutRuns(o.runs, stretches)
	switch {
	case o.act.Func.Arg != Learned || o.apart && len(o.runs) == 1 && o.runs[0].each:
		part.back = part.runs
	case o.apart:
		part.back = o.back[len(o.back)*i/n : len(o.back)*(i+1)/n]
	case i > 0:
		part.back = nil
	}
	return &part
}

// stretches are the elements of share i of n, from number lo on and below hi.
func (o *activationOp) stretches(i, n int) (list [][2]int) {
	if len(o.shape) != 3 || o.shape[1] < n {
		size := o.shape.Size()
		return [][2]int{{size * i / n, size * (i + 1) / n}}
	}
	h, w := o.shape[1], o.shape[2]
	for c := range o.shape[0] {
		list = append(list, [2]int{(c*h + h*i/n) * w, (c*h + h*(i+1)/n) * w})
	}
	return list
}

func (o *activationOp) Forward(c *op.Call) {
	for _, r := range o.runs {
		i, j := r.lo*Lanes, r.hi*Lanes
		a := o.fixed
		if o.act.Func.Arg == Learned {
			a = r.of(c.W[0])
		}
		o.act.Func.Forward(c.Y.Data[i:j], c.X[0].Data[i:j], a)
	}
}

func (o *activationOp) BackwardReads() (x, y bool) { return true, false }

func (o *activationOp) Backward(c *op.Call) {
	w, dw, x, dy, dx := c.W, c.DW, c.X, c.DY, c.DX
	learned := o.act.Func.Arg == Learned && dw[0] != nil // its gradient is wanted
	if dx[0].Data == nil && !learned {
		return
	}
	for _, r := range o.back {
		i, j := r.lo*Lanes, r.hi*Lanes
		var d []float32 // nil if only the parameter's gradient is wanted
		if dx[0].Data != nil {
			d = dx[0].Data[i:j]
		}
		a, da := o.fixed, []float32(nil)
		if o.act.Func.Arg == Learned {
			a = r.of(w[0])
		}
		if learned {
			da = r.of(dw[0])
		}
		o.backward(d, dy.Data[i:j], x[0].Data[i:j], a, da)
	}
}
