package study

import (
	"context"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var functions = claimed(Claim{
	Name: "functions", Title: "Mish's derivative, and Swish between linear and ReLU",
	Says: "Mish'(x) = Mish(x)/x + Swish(x)·Δ(x) with Δ(x) = sech²(softplus(x)), which equals the closed form eˣ·ω/δ². Swish with β, x·σ(βx), is x/2 at β = 0 and becomes ReLU as β → ∞.",
	Proof: []string{
		"ω = 4(x + 1) + 4e²ˣ + e³ˣ + eˣ(4x + 6) and δ = 2eˣ + e²ˣ + 2. With t = tanh(softplus(x)) the product rule gives Mish' = t + x·(1 − t²)·σ(x).",
		"|x·σ(βx) − ReLU(x)| = |x|·σ(−β|x|), whose maximum over x is max u·σ(−u) / β ≈ 0.2785/β.",
	},
	How: "gonn's kernel of Mish' is compared in float32 with both formulas in float64, at 0 and numbers of both signs over all of float32's range, 64 to each factor of 2 in size. " +
		"The closed form is also computed as it stands, in float32: where it overflows it is no number. " +
		"The distances of Swish-β are the largest differences over x from −20 to 20, 2,000 steps to a unit, as the kernels compute it.",
	Costs: [2]float64{2, 0.2},
}, measureFunctions)

// functionNumbers are of kernels and formulas.
type functionNumbers struct {
	Points int `json:"points"`
	// Largest differences over all points: of the forms in float64, and of the kernel from the
	// product form.
	Forms  float64 `json:"forms"`
	Kernel float64 `json:"kernel"`
	// NoNumber is the least x above 0 at which the closed form in float32 is no number.
	NoNumber float64  `json:"no_number"`
	Betas    []ofBeta `json:"betas"`
}

// ofBeta are the distances of Swish with a β.
type ofBeta struct {
	Beta   float64 `json:"beta"`
	Linear float64 `json:"linear"` // max |f(x) − x/2|, for |x| ≤ 1
	ReLU   float64 `json:"relu"`   // max |f(x) − ReLU(x)|
}

func measureFunctions(context.Context, *Lab) (*functionNumbers, error) {
	n := &functionNumbers{NoNumber: math.MaxFloat32}
	x := float32s(64)
	n.Points = len(x)
	kernel := derivatives(activation.Must("mish"), x)
	for i, v := range x {
		product, closed := mishProduct(float64(v)), mishClosed(float64(v))
		n.Forms = max(n.Forms, math.Abs(product-closed))
		n.Kernel = max(n.Kernel, math.Abs(product-float64(kernel[i])))
		if naive := mishNaive(v); v > 0 && naive-naive != 0 {
			n.NoNumber = min(n.NoNumber, float64(v))
		}
	}
	for _, beta := range []float64{0, 0.01, 0.1, 1, 10, 100, 1000} {
		n.Betas = append(n.Betas, distances(beta))
	}
	return n, nil
}

// float32s are 0 and numbers over all of float32's range, of both signs, so many to each factor
// of 2.
func float32s(steps int) (x []float32) {
	x = append(x, 0)
	for e := -149; e < 128; e++ {
		for i := range steps {
			v := math.Ldexp(1+float64(i)/float64(steps), e)
			x = append(x, float32(v), float32(-v))
		}
	}
	return x
}

// derivatives are f' as gonn's kernels compute them.
func derivatives(act activation.Layer, x []float32) []float32 {
	dx, dy := make([]float32, len(x)), make([]float32, len(x))
	for i := range dy {
		dy[i] = 1
	}
	act.Func.Backward(dx, dy, x, parameter(act), nil)
	return dx
}

// values are f as gonn's kernels compute it.
func values(act activation.Layer, x []float32) []float32 {
	y := make([]float32, len(x))
	act.Func.Forward(y, x, parameter(act))
	return y
}

func parameter(act activation.Layer) []float32 {
	if act.Func.Arg == activation.Fixed {
		return []float32{act.Value}
	}
	return nil
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// delta is sech²(softplus(x)).
func delta(x float64) float64 {
	c := math.Cosh(softplus(x)) // +Inf for large x, where Δ is 0
	return 1 / (c * c)
}

// mishProduct is Mish' by the product form; Mish(x)/x is tanh(softplus(x)).
func mishProduct(x float64) float64 {
	swish := x * sigmoid(x)
	return math.Tanh(softplus(x)) + swish*delta(x)
}

// mishClosed is eˣω/δ², each divided by e⁴ˣ if x is above 0, so that nothing overflows.
func mishClosed(x float64) float64 {
	if x > 0 {
		e := math.Exp(-x)
		omega := 4*(x+1)*e*e*e + 4*e + 1 + (4*x+6)*e*e // ω·e⁻³ˣ
		d := 2*e + 1 + 2*e*e                           // δ·e⁻²ˣ
		if e == 0 {
			return 1 // the limit; x·e is no number for an infinite x alone
		}
		return omega / (d * d)
	}
	e := math.Exp(x)
	if e == 0 {
		return 0
	}
	omega := 4*(x+1) + 4*e*e + e*e*e + e*(4*x+6)
	d := 2*e + e*e + 2
	return e * omega / (d * d)
}

// mishNaive is eˣω/δ² as it stands, in float32.
func mishNaive(x float32) float32 {
	e := float32(math.Exp(float64(x)))
	omega := 4*(x+1) + 4*e*e + e*e*e + e*(4*x+6)
	d := 2*e + e*e + 2
	return e * omega / (d * d)
}

// distances are those of Swish-β from its limits.
func distances(beta float64) ofBeta {
	var x []float32
	for i := -40000; i <= 40000; i++ {
		x = append(x, float32(i)/2000)
	}
	d := ofBeta{Beta: beta}
	for i, y := range values(activation.Layer{Func: activation.Swish, Value: float32(beta)}, x) {
		if x[i] >= -1 && x[i] <= 1 {
			d.Linear = max(d.Linear, math.Abs(float64(y)-float64(x[i])/2))
		}
		d.ReLU = max(d.ReLU, math.Abs(float64(y)-max(float64(x[i]), 0)))
	}
	return d
}

func (n *functionNumbers) tell(f *Finding) {
	mish := Table{Title: fmt.Sprintf("Mish' at %d numbers over float32's range", n.Points), Columns: []string{"compared", "largest difference"}}
	mish.row("closed form − product form, float64", short(n.Forms))
	mish.row("gonn's kernel (float32) − product form", short(n.Kernel))
	mish.row("closed form as it stands in float32", "no number from x = "+short(n.NoNumber)+" on")
	swish := Table{Title: "Swish-β and its limits", Columns: []string{"β", "from x/2, |x| ≤ 1", "from ReLU", "from ReLU, times β"}}
	for _, b := range n.Betas {
		swish.row(fmt.Sprint(b.Beta), short(b.Linear), short(b.ReLU), short(b.ReLU*b.Beta))
	}
	f.Tables = []Table{mish, swish}
	f.Figures = []Figure{functionPicture(), swishPicture(n.Betas)}
	f.Commands = append(f.Commands, "gonn plot activations", "gonn plot mish", "gonn plot swish")
	n.judge(f)
}

// Limits of the verdict: rounding in float64 and float32.
const (
	rounding64 = 1e-14
	rounding32 = 1e-6
)

func (n *functionNumbers) judge(f *Finding) {
	falls := true
	for i := 1; i < len(n.Betas); i++ {
		falls = falls && n.Betas[i].ReLU < n.Betas[i-1].ReLU
	}
	last := n.Betas[len(n.Betas)-1]
	f.Verdict = Fails
	if n.Forms < rounding64 && n.Kernel < rounding32 && n.Betas[0].Linear == 0 && falls {
		f.Verdict = Holds
	}
	f.Because = fmt.Sprintf("The two forms of Mish' differ by at most %s, and gonn's kernel from them by at most %s. Swish differs from x/2 by at most %s at β = 0, and its distance from ReLU falls to %s at β = %g, which is %s/β.",
		short(n.Forms), short(n.Kernel), short(n.Betas[0].Linear), short(last.ReLU), last.Beta, short(last.ReLU*last.Beta))
}

// drawnActs are the functions that the study is about.
var drawnActs = []string{"leaky:-0.5", "relu", "leaky:0.5", "swish", "mish", "sigmoid", "tanh"}

// functionPicture draws the functions, their derivatives and Δ.
func functionPicture() Figure {
	y := &plot.Panel{Title: "f(x)", X: plot.Axis{Label: "x"}}
	dy := &plot.Panel{Title: "f'(x)", X: plot.Axis{Label: "x"}}
	var x []float64
	var x32 []float32
	for i := range 401 {
		x = append(x, -4+0.02*float64(i))
		x32 = append(x32, float32(x[i]))
	}
	for i, name := range drawnActs {
		act := activation.Must(name)
		y.Line(actText(name), x, wide(values(act, x32)), plot.Style{Color: i})
		dy.Line(actText(name), x, wide(derivatives(act, x32)), plot.Style{Color: i})
	}
	d := make([]float64, len(x))
	for i := range d {
		d[i] = delta(x[i])
	}
	dy.Line("Δ(x)", x, d, plot.Style{Muted: true, Dashed: true})
	return Figure{&plot.Figure{Title: "Activations and their derivatives", Note: "as gonn's kernels compute them", Panels: []*plot.Panel{y, dy}, Aspect: 0.9},
		"Curves of LeakyReLU, ReLU, Swish, Mish, sigmoid and tanh with their derivatives, and Δ(x) of Mish."}
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// swishPicture draws distances by β.
func swishPicture(betas []ofBeta) Figure {
	p := &plot.Panel{X: plot.Axis{Label: "β", Log: true}, Y: plot.Axis{Label: "largest difference", Log: true}}
	var x, linear, relu []float64
	for _, b := range betas {
		x, linear, relu = append(x, b.Beta), append(linear, b.Linear), append(relu, b.ReLU)
	}
	p.Line("from x/2, |x| ≤ 1", x, linear, plot.Style{Color: 0})
	p.Line("from ReLU", x, relu, plot.Style{Color: 1})
	return Figure{&plot.Figure{Title: "Swish-β on its way from linear to ReLU", Panels: []*plot.Panel{p}, Aspect: 0.4},
		fmt.Sprintf("The distance from ReLU goes from %s at β = %g to %s at β = %g.", short(betas[1].ReLU), betas[1].Beta, short(relu[len(relu)-1]), x[len(x)-1])}
}
