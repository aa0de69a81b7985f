package kinds

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var mish = &Kind{
	Name: "mish", Usage: "Mish' and Δ(x) = sech²(softplus(x)), which smooths gradients",
	Draw: drawMish,
}

// delta is sech²(softplus(x)), the factor of Mish' that Misra ("Mish", 2019) compares to a
// preconditioner.
func delta(x float64) float64 {
	c := math.Cosh(math.Log1p(math.Exp(x)))
	return 1 / (c * c)
}

func drawMish(*Input) (*plot.Figure, error) {
	f, swish := functionNamed(activation.Mish), functionNamed(activation.Swish)
	left := &plot.Panel{Title: "Mish'(x) beside Δ(x)", X: plot.Axis{Label: "x"}}
	addCurve(left, "Mish'(x)", f.derivative, plot.Style{Color: 0})
	addCurve(left, "Δ(x) = sech²(softplus(x))", delta, plot.Style{Color: 1})
	addCurve(left, "Swish'(x)", swish.derivative, plot.Style{Color: 2, Dashed: true})
	right := &plot.Panel{Title: "Mish'(x) = Δ(x)·Swish(x) + Mish(x)/x", X: plot.Axis{Label: "x"}}
	addCurve(right, "Mish'(x)", f.derivative, plot.Style{Color: 0})
	addCurve(right, "Δ(x)·Swish(x)", func(x float64) float64 { return delta(x) * swish.value(x) }, plot.Style{Color: 3})
	addCurve(right, "Mish(x)/x", func(x float64) float64 { return math.Tanh(math.Log1p(math.Exp(x))) }, plot.Style{Color: 4})
	return &plot.Figure{Title: "The derivative of Mish", Panels: []*plot.Panel{left, right}, Aspect: 0.75}, nil
}
