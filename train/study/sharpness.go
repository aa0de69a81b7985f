package study

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/stats"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// smoothActs are compared in how smooth their landscapes are.
var smoothActs = []string{"leaky:0", "swish", "mish"}

var sharpness = claimed(Claim{
	Name: "landscapes", Title: "How smooth loss landscapes are",
	Says: "The loss surface of Mish is smoother than that of Swish and of ReLU.",
	How: "Around each trained network, on samples of the training set: the second derivative of the loss along random directions in which each filter changes by its own norm (Li et al. 2018), as a mean over directions; " +
		"the largest eigenvalue of the Hessian, by Lanczos' method; and that eigenvalue with each filter measured by its norm, which does not depend on how a network spreads its scale over layers. " +
		"Smaller is smoother. Trainings of the same seed are compared by t-tests with Holm's correction over all pairs.",
	Costs: [2]float64{900, 8},
}, measureSharpness)

// sharpnessNumbers are in the order of smoothActs.
type sharpnessNumbers struct {
	Acts    []sharpnessOf `json:"acts"`
	Samples int           `json:"samples"`
}

// sharpnessOf are the networks of an activation, a value a seed, and the losses over a plane
// around the first.
type sharpnessOf struct {
	Act       string      `json:"act"`
	Loss      []float64   `json:"loss"`
	Curvature []float64   `json:"curvature"` // mean over directions
	Largest   []float64   `json:"largest"`   // eigenvalue
	Relative  []float64   `json:"relative"`  // eigenvalue with filters measured by their norms
	Plane     [][]float64 `json:"plane"`
}

// sharp is what is kept of one network.
type sharp struct {
	Loss      float64     `json:"loss"`
	Curvature float64     `json:"curvature"`
	Largest   float64     `json:"largest"`
	Relative  float64     `json:"relative"`
	Plane     [][]float64 `json:"plane,omitempty"`
}

func measureSharpness(ctx context.Context, l *Lab) (*sharpnessNumbers, error) {
	cells, err := l.train(ctx, sweep.Study, l.studyGrid(l.Scale.Landscapes, smoothActs...))
	if err != nil {
		return nil, err
	}
	set, err := l.data()
	if err != nil {
		return nil, err
	}
	samples := data.Limit(set.Train, l.Scale.Samples)
	n := &sharpnessNumbers{Samples: samples.Len()}
	done, all := 0, len(cells)*l.Scale.Landscapes
	for _, c := range cells {
		of := sharpnessOf{Act: c.Values[0]}
		for i, cell := range c.Cells {
			l.step("landscape of "+cell.Name, done, all)
			s, err := l.sharpOf(ctx, cell, samples, i == 0)
			if err != nil {
				return nil, err
			}
			of.Loss, of.Curvature = append(of.Loss, s.Loss), append(of.Curvature, s.Curvature)
			of.Largest, of.Relative = append(of.Largest, s.Largest), append(of.Relative, s.Relative)
			if i == 0 {
				of.Plane = s.Plane
			}
			done++
		}
		n.Acts = append(n.Acts, of)
	}
	return n, nil
}

// sharpOf measures a network, with its plane if that is wanted. It is kept: it takes long.
func (l *Lab) sharpOf(ctx context.Context, c *sweep.Cell, samples nn.Samples, plane bool) (*sharp, error) {
	net, err := lastNetwork(c)
	if err != nil {
		return nil, err
	}
	loss, err := c.Settings.NewLoss()
	if err != nil {
		return nil, err
	}
	o := &landscape.Objective{Net: net, Data: samples, Loss: loss, Workers: l.Workers}
	opt := landscape.DefaultOptions()
	opt.Directions, opt.Products = l.Scale.Directions, l.Scale.Products
	depends := map[string]any{"network": checksum(net), "samples": samples.Len(), "options": opt, "grid": l.Scale.Grid, "plane": plane}
	decode := func(b []byte) (*sharp, error) { s := &sharp{}; return s, json.Unmarshal(b, s) }
	s, _, err := keep(l, "landscapes."+c.Name, depends, decode, func() (*sharp, error) {
		m, err := landscape.Measure(ctx, o, opt)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Dir, err)
		}
		s := &sharp{Loss: m.Loss, Curvature: stats.Mean(m.Curvature), Largest: m.Largest.Value, Relative: m.Relative.Value}
		if plane {
			s.Plane, err = planeOf(ctx, o, opt.Seed, l.Scale.Grid)
		}
		return s, err
	})
	return s, err
}

// checksum is that of a network's parameters.
func checksum(net *nn.Network) string {
	h := sha256.New()
	for _, p := range net.Params() {
		for _, v := range p.Data {
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
			h.Write(b[:])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// planeSpan is how far filters change in the picture, by their norm.
const planeSpan = 1.0

func planeAxis(n int) []float64 { return floats.Span(make([]float64, n), -planeSpan, planeSpan) }

// planeOf are the losses over two random directions, n in each.
func planeOf(ctx context.Context, o *landscape.Objective, seed uint64, n int) (plane [][]float64, err error) {
	d := landscape.Directions(o.Net, seed, 2)
	axis := planeAxis(n)
	rows, err := o.Plane(ctx, d[0], d[1], axis, axis)
	for _, row := range rows {
		var losses []float64
		for _, st := range row {
			losses = append(losses, math.Min(st.Loss(), math.MaxFloat32)) // JSON has no infinity
		}
		plane = append(plane, losses)
	}
	return plane, err
}

// sharpMeasures are those that are compared.
var sharpMeasures = []struct {
	name string
	of   func(sharpnessOf) []float64
}{
	{"curvature along random directions", func(s sharpnessOf) []float64 { return s.Curvature }},
	{"largest eigenvalue of the Hessian", func(s sharpnessOf) []float64 { return s.Largest }},
	{"eigenvalue relative to filters", func(s sharpnessOf) []float64 { return s.Relative }},
}

func (n *sharpnessNumbers) tell(f *Finding) {
	t := Table{Title: fmt.Sprintf("Sharpness on %d training samples: means over %s", n.Samples, counted(len(n.Acts[0].Loss), "seed")), Columns: []string{"activation", "loss"}}
	tests := Table{Title: "Differences, paired by seed", Columns: []string{"measure", "pair", "difference", "95 % interval", "p", "p after Holm"}}
	for _, m := range sharpMeasures {
		t.Columns = append(t.Columns, m.name)
	}
	for _, a := range n.Acts {
		row := []string{actText(a.Act), meanText(a.Loss, 4)}
		for _, m := range sharpMeasures {
			row = append(row, meanText(m.of(a), 2))
		}
		t.row(row...)
	}
	for k, m := range sharpMeasures {
		for _, p := range n.pairs(k) {
			tests.row(m.name, actText(n.Acts[p.A].Act)+" − "+actText(n.Acts[p.B].Act), number(p.Difference, 2),
				number(p.Interval.Low, 2)+" … "+number(p.Interval.High, 2), pText(p.P), pText(p.Adjusted))
		}
	}
	f.Tables = []Table{t, tests}
	f.Figures = []Figure{n.contours(), n.intervals()}
	f.Commands = append(f.Commands, f.sweepStudy("study-landscapes", "--act leaky:0,swish,mish", len(n.Acts[0].Loss)),
		fmt.Sprintf("gonn landscape sweeps/study-landscapes/act=mish,seed=1 --limit %d", n.Samples))
	n.judge(f)
}

func (n *sharpnessNumbers) act(name string) *sharpnessOf {
	return &n.Acts[slices.IndexFunc(n.Acts, func(a sharpnessOf) bool { return a.Act == name })]
}

func (n *sharpnessNumbers) pairs(measure int) []stats.Pair {
	var groups [][]float64
	for _, a := range n.Acts {
		groups = append(groups, sharpMeasures[measure].of(a))
	}
	return stats.AllPairs(groups)
}

// contours are the planes on one scale.
func (n *sharpnessNumbers) contours() Figure {
	lo, hi := math.Inf(1), 0.0
	for _, a := range n.Acts {
		for _, row := range a.Plane {
			lo, hi = min(lo, floats.Min(row)), max(hi, floats.Max(row))
		}
	}
	scale := &plot.Scale{Label: "loss", Map: plot.Viridis, Min: lo, Max: hi, Log: true}
	f := &plot.Figure{Title: "Loss over two random directions", Columns: len(n.Acts), Aspect: 1, Scale: scale, ShareX: true, ShareY: true,
		Note: "around the network of the first seed; in each direction every filter changes by up to its norm"}
	axis := planeAxis(len(n.Acts[0].Plane))
	for _, a := range n.Acts {
		p := &plot.Panel{Title: actText(a.Act), X: plot.Axis{Label: "α"}, Y: plot.Axis{Label: "β"}}
		p.Contours(&plot.Field{X: axis, Y: axis, Values: a.Plane}, scale)
		f.Panels = append(f.Panels, p)
	}
	return Figure{f, fmt.Sprintf("Contours of losses from %s to %s, with the trained network in the middle.", short(lo), short(hi))}
}

// intervals are the measures with their confidence intervals.
func (n *sharpnessNumbers) intervals() Figure {
	f := &plot.Figure{Title: "Sharpness by activation", Columns: 3, Aspect: 0.9, Note: "a point a seed; lines: 95 % confidence interval of the mean"}
	for _, m := range sharpMeasures {
		p := &plot.Panel{Title: strings.Replace(m.name, " ", "\n", 1)}
		for i, a := range n.Acts {
			p.X.Names = append(p.X.Names, a.Act)
			x := m.of(a)
			at := make([]float64, len(x))
			for k := range at {
				at[k] = float64(i)
			}
			p.Points("", at, x, plot.Style{Color: i})
			c := stats.ConfidenceInterval(x, level)
			p.Line("", []float64{float64(i) + 0.2, float64(i) + 0.2}, []float64{c.Low, c.High}, plot.Style{Color: i})
		}
		categories(p)
		f.Panels = append(f.Panels, p)
	}
	return Figure{f, "Three measures of sharpness by activation, a point a seed; the table has the numbers."}
}

// judge counts in which measures Mish is smoother than the other two.
func (n *sharpnessNumbers) judge(f *Finding) {
	var parts []string
	smoother, sharper, all := 0, 0, 0
	for k, m := range sharpMeasures {
		var than []string
		for _, p := range n.pairs(k) {
			if n.Acts[p.B].Act != "mish" {
				continue
			}
			all++
			relation := "not distinguishable from"
			switch {
			case p.Adjusted > 1-level || math.IsNaN(p.P):
			case p.Difference > 0:
				relation = "smoother than"
				smoother++
			default:
				relation = "sharper than"
				sharper++
			}
			than = append(than, fmt.Sprintf("%s %s (%s, %s)", relation, actText(n.Acts[p.A].Act), short(stats.Mean(m.of(n.Acts[p.A]))), pText(p.Adjusted)))
		}
		parts = append(parts, fmt.Sprintf("by the %s Mish (%s) is %s", m.name, short(stats.Mean(m.of(*n.act("mish")))), strings.Join(than, " and ")))
	}
	switch {
	case smoother == all:
		f.Verdict = Holds
	case smoother > 0 && sharper == 0:
		f.Verdict = Partly
	case smoother == 0 && sharper == 0:
		f.Verdict = Unclear
	default:
		f.Verdict = Fails
	}
	f.Because = "Smaller is smoother: " + strings.Join(parts, "; ") + "."
}
