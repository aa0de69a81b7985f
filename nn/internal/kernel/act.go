package kernel

// act is an elementwise function with a parameter, and its derivative.
//
// Forward writes y = f(x; a); y may be x. Backward writes dx = dy·∂f/∂x, unless dx is
// nil, and adds dy·∂f/∂a to da, unless da is nil; dx may be dy.
//
// a is empty (no parameter), one value for all, or one for each Lanes values of x, a
// pixel; da is as long as a. For SlopeForward and SwishForward it may also be as long as
// x: one for each value.
type act struct {
	forward  func(y, x, a []float32)
	backward func(dx, dy, x, a, da []float32)
}

func (f *act) runForward(y, x, a []float32) {
	y = y[:len(x)]
	reads(x, a)
	writes(y)
	f.forward(y, x, a)
}

func (f *act) runBackward(dx, dy, x, a, da []float32) {
	dy = dy[:len(x)]
	if dx != nil {
		dx = dx[:len(x)]
	}
	if da != nil {
		da = da[:len(a)]
	}
	reads(dy, x, a)
	writes(dx, da)
	f.backward(dx, dy, x, a, da)
}

// acts are the elementwise functions of a backend.
type acts struct {
	slope, slopeFlat, swish act

	exp func(y, x []float32)
}

var goActs = acts{
	slope:     act{slopeForwardGo, slopeBackwardGo},
	slopeFlat: act{slopeForwardGo, slopeFlatBackwardGo},
	swish:     act{swishForwardGo, swishBackwardGo},
	exp:       expGo,
}

// SlopeForward writes y = x where x > 0, else a·x.
func SlopeForward(y, x, a []float32) { active.slope.runForward(y, x, a) }

// SlopeBackward writes dx = dy where x > 0, else a·dy, and adds dy·min(x, 0) to da.
func SlopeBackward(dx, dy, x, a, da []float32) { active.slope.runBackward(dx, dy, x, a, da) }

// SlopeFlatBackward is SlopeBackward with the derivative 0 at x = 0.
func SlopeFlatBackward(dx, dy, x, a, da []float32) { active.slopeFlat.runBackward(dx, dy, x, a, da) }

// SwishForward writes y = x·σ(a·x), with its limit at ±∞.
func SwishForward(y, x, a []float32) { active.swish.runForward(y, x, a) }

// SwishBackward writes dx = dy·(σ + ax·σ·(1 − σ)) and adds dy·x²·σ·(1 − σ) to da, with
// σ = σ(a·x).
func SwishBackward(dx, dy, x, a, da []float32) { active.swish.runBackward(dx, dy, x, a, da) }

// Exp writes y = eˣ; y may be x.
func Exp(y, x []float32) {
	y = y[:len(x)]
	reads(x)
	writes(y)
	active.exp(y, x)
}
