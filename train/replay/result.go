package replay

// Kind is what a deviation is in.
type Kind string

const (
	KindLoss      Kind = "loss"
	KindGradient  Kind = "gradient"
	KindClipping  Kind = "clipping"  // the gradient behind it
	KindParameter Kind = "parameter" // after the step
	KindState     Kind = "state"     // of the optimizer, after the step
	KindStatistic Kind = "statistic" // running mean or variance, after the step
)

// Kinds are all kinds in the order of a step.
var Kinds = []Kind{KindLoss, KindStatistic, KindGradient, KindClipping, KindState, KindParameter}

// Deviation is how far one tensor is from the recorded one.
type Deviation struct {
	Step   int
	Kind   Kind
	Tensor string // the framework's name; "" for the loss
	// Error is relative: of the loss to max(|b|, 1), of a gradient ‖a−b‖/‖b‖, where ‖b‖ counts
	// as at least a ten-thousandth of the norm of all gradients, of a parameter to the largest
	// change of the step, else to max|b|.
	Error float64
	// Share is the distance in units of what is allowed: it passes if it is at most 1.
	Share float64
	// Rounded reports whether it passes only because rounding moves it as far.
	Rounded bool
}

// Free is how far the free-running training is from the recorded one after a step.
type Free struct {
	Loss      float64 // |a−b|/max(|b|, 1) of the step's loss
	Parameter float64 // the largest max|a−b|/max|b| of a parameter after the step
	Tensor    string  // of that parameter
}

// Step is how far one step is from the recorded one.
type Step struct {
	Step  int
	Worst map[Kind]Deviation // largest share of each kind
	Wrong []Deviation        // all that do not pass, in the order of a step
	Free  Free
}

// Divergence is the first deviation that does not pass.
type Divergence struct {
	Deviation
	// Others is the number of further deviations in that step.
	Others int
}

// Growth is how the free-running training comes apart.
type Growth struct {
	// Step is the first after which a parameter is further from the recorded one than rounding
	// explains (FreeLimit); −1 for none. Tensor is that parameter.
	Step   int
	Tensor string
	// Before and After are the error of the worst parameter before and after that step.
	Before, After float64
	// Jump reports whether the error grew at once, as with a bug, and not smoothly, as rounding
	// does.
	Jump bool
}

// FreeLimit is the error of a parameter in the free-running training from which on it counts as
// apart. Jumps are steps that enlarge the error more than JumpFactor times, counted from
// JumpFloor on.
const (
	FreeLimit  = 1e-4
	JumpFactor = 30
	JumpFloor  = 1e-6
)

// Result is what a replay found.
type Result struct {
	Equal  bool
	Steps  []Step
	First  *Divergence // nil if Equal
	Growth Growth
	// Worst has the largest share of each kind over all steps.
	Worst map[Kind]Deviation
	// Rounded is the number of deviations that pass only because rounding moves them as far.
	Rounded int
}

// finish sums up the steps.
func (r *Result) finish() {
	r.Equal, r.Worst = true, map[Kind]Deviation{}
	r.Growth = Growth{Step: -1}
	before := 0.0
	for _, s := range r.Steps {
		for kind, d := range s.Worst {
			if w, ok := r.Worst[kind]; !ok || d.Share > w.Share {
				r.Worst[kind] = d
			}
		}
		if len(s.Wrong) > 0 {
			r.Equal = false
			if r.First == nil {
				r.First = &Divergence{s.Wrong[0], len(s.Wrong) - 1}
			}
		}
		if after := s.Free.Parameter; r.Growth.Step < 0 && !(after <= FreeLimit) {
			r.Growth = Growth{s.Step, s.Free.Tensor, before, after, !(after <= JumpFactor*max(before, JumpFloor))}
		}
		before = s.Free.Parameter
	}
}
