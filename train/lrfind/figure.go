package lrfind

import (
	"math"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// Figure draws the losses over the rates, with the suggestions. note says what was trained.
func (r *Result) Figure(note string) *plot.Figure {
	var lr, loss, smoothed []float64
	for _, p := range r.Points {
		lr, loss, smoothed = append(lr, p.LR), append(loss, p.Loss), append(smoothed, p.Smoothed)
	}
	p := &plot.Panel{X: plot.Axis{Label: "learning rate", Log: true}, Y: plot.Axis{Label: "loss", Log: true, Limits: r.limits()}}
	p.Line("loss of a batch", lr, loss, plot.Style{Color: 0, Thin: true, Faint: true})
	p.Line("smoothed", lr, smoothed, plot.Style{Color: 0})
	if r.Steepest != nil {
		p.VLine("steepest descent", *r.Steepest, plot.Style{Color: 1})
	}
	if r.MinTenth != nil {
		p.VLine("lowest / 10", *r.MinTenth, plot.Style{Color: 2, Dashed: true})
	}
	return &plot.Figure{Title: "Learning-rate range test", Note: note, Panels: []*plot.Panel{p}}
}

// limits are those of the losses, without the end of a test that diverged, which may be many
// times as high as what it is about.
func (r *Result) limits() *[2]float64 {
	low, high, lowest := math.Inf(1), 0.0, math.Inf(1)
	for _, p := range r.Points {
		if p.Loss > 0 {
			low = min(low, p.Loss)
		}
		if p.Smoothed < lowest {
			lowest = p.Smoothed
			high = max(high, p.Loss, p.Smoothed)
		}
	}
	if !(low < high) {
		return nil // those of the data
	}
	return &[2]float64{low / 1.1, 2 * high}
}
