package kinds

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var swish = &Kind{
	Name: "swish", Usage: "x·sigmoid(βx) from linear (β = 0) to ReLU (β → ∞)",
	Draw: drawSwish,
}

func drawSwish(*Input) (*plot.Figure, error) {
	values := &plot.Panel{Title: "f(x)", X: plot.Axis{Label: "x"}}
	slopes := &plot.Panel{Title: "f'(x)", X: plot.Axis{Label: "x"}}
	add := func(name string, f function, s plot.Style) {
		addCurve(values, name, f.value, s)
		addCurve(slopes, name, f.derivative, s)
	}
	for i, beta := range []float32{0, 0.5, 1, 2, 10} {
		name := fmt.Sprintf("β = %g", beta)
		if beta == 0 {
			name += ": x/2"
		}
		add(name, functionOf(activation.Layer{Func: activation.Swish, Value: beta}), plot.Style{Color: i})
	}
	add("β → ∞: ReLU", functionNamed(activation.ReLU), plot.Style{Muted: true, Dashed: true})
	return &plot.Figure{Title: "Swish from linear to ReLU", Panels: []*plot.Panel{values, slopes}, Aspect: 0.75}, nil
}
