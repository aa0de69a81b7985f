package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

var activations = &Kind{
	Name: "activations", Usage: "activations and their derivatives, as the kernels compute them",
	Options: []Option{{Name: "act", Usage: "`LIST` of activations to draw over each other, as in relu,leaky:-0.5,mish"}},
	Draw:    drawActivations,
}

// The range of x, and the number of points of a curve.
const (
	leastX, mostX = -5.0, 5.0
	curvePoints   = 401
)

func drawActivations(in *Input) (*plot.Figure, error) {
	if text := in.Text("act", ""); text != "" {
		list, err := sweep.Split("act", text)
		if err != nil {
			return nil, Usage("--%w", err) // which begins with the name
		}
		return overlaid(list)
	}
	f := &plot.Figure{
		Title: "Activations", Note: "f(x) and its derivative, by gonn's kernels; learned parameters at an example",
		Columns: 4, Aspect: 0.75, ShareX: true, ShareY: true,
	}
	for _, fn := range activation.Funcs {
		g := functionNamed(fn)
		p := &plot.Panel{Title: titleOf(g), X: plot.Axis{}, Y: plot.Axis{Limits: &[2]float64{-2, 3}}}
		p.HLine("", 0, plot.Style{Muted: true, Faint: true})
		p.VLine("", 0, plot.Style{Muted: true, Faint: true})
		addCurve(p, "f(x)", g.value, plot.Style{Color: 0})
		addCurve(p, "f'(x)", g.derivative, plot.Style{Color: 1})
		f.Panels = append(f.Panels, p)
	}
	return f, nil
}

// overlaid draws functions in one panel and derivatives in another.
func overlaid(list []string) (*plot.Figure, error) {
	values := &plot.Panel{Title: "f(x)", X: plot.Axis{Label: "x"}}
	slopes := &plot.Panel{Title: "f'(x)", X: plot.Axis{Label: "x"}}
	var drawn []string
	for _, spelled := range list {
		act, err := activation.Parse(spelled)
		if err != nil {
			return nil, Usage("--act: %w", err)
		}
		f := functionOf(act)
		if slices.Contains(drawn, titleOf(f)) { // how values share a parameter does not show
			continue
		}
		style := plot.Style{Color: len(drawn)}
		drawn = append(drawn, titleOf(f))
		addCurve(values, titleOf(f), f.value, style)
		addCurve(slopes, titleOf(f), f.derivative, style)
	}
	return &plot.Figure{Title: "Activations and their derivatives", Panels: []*plot.Panel{values, slopes}, Aspect: 0.8}, nil
}

func addCurve(p *plot.Panel, name string, f func(float64) float64, s plot.Style) {
	x, y := curve(f, leastX, mostX, curvePoints)
	p.Line(name, x, y, s)
}

// titleOf is an activation's name with its parameter.
func titleOf(f function) string {
	if len(f.a) == 0 {
		return f.act.Func.Name
	}
	greek := map[string]string{"alpha": "α", "beta": "β", "theta": "θ"}
	param := f.act.Func.Param
	if g, ok := greek[param]; ok {
		param = g
	}
	return fmt.Sprintf("%s, %s = %s", f.act.Func.Name, param, signed(fmt.Sprintf("%.4g", f.a[0])))
}

// signed is a number with the minus of text.
func signed(s string) string { return strings.ReplaceAll(s, "-", "−") }
