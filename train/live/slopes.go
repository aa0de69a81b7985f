package live

import (
	"math"
	"slices"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/metric"
	"github.com/gonn-toolkit/gonn/train/report"
)

const (
	slopeBins     = 64
	slopeEvery    = 500 * time.Millisecond // between two looks, or more if they take long
	slopeShare    = 100                    // a look takes one part in so many of the time between looks
	maxLooks      = 128                    // that are kept of a layer
	maxHistograms = 8                      // of past epochs that are kept
)

// slopeWatch follows the learned slopes of a network: how they are spread now, at the ends of
// epochs, and their percentiles over time.
type slopeWatch struct {
	net    *nn.Network
	layers []*slopeLayer
	next   time.Time // of the next look
	every  int       // looks a look that is kept
	looks  int
}

// slopeLayer are the slopes of one layer. Histograms have the range centre ± radius, which
// doubles when slopes leave it, so that pictures of different times can be compared.
type slopeLayer struct {
	now            report.Slopes
	centre, radius float64
	counts         []int
	past           []pastHistogram
	steps          []int
	percentiles    [][]number // by percentile, then by look that is kept
}

type pastHistogram struct {
	Epoch  int   `json:"epoch"`
	Counts []int `json:"counts"`
}

// percentiles are those that are followed.
var percentiles = [...]int{0, 5, 25, 50, 75, 95, 100}

// begin takes down the slopes that training begins with, after a number of steps and epochs.
func (w *slopeWatch) begin(net *nn.Network, step, epoch int, clock func() time.Time) {
	w.net, w.every = net, 1
	for _, s := range report.SlopesOf(net) {
		l := &slopeLayer{radius: 1. / 16, percentiles: make([][]number, len(percentiles))}
		if mean := math.Round(16*s.Mean) / 16; !math.IsNaN(mean) && !math.IsInf(mean, 0) {
			l.centre = mean
		}
		w.layers = append(w.layers, l)
	}
	w.look(step, clock)
	w.keep(epoch)
}

// due reports whether it is time for a look.
func (w *slopeWatch) due(now time.Time) bool { return len(w.layers) > 0 && !now.Before(w.next) }

// look takes down how the slopes are after a number of steps. It takes a hundredth of the
// time of training at most.
func (w *slopeWatch) look(step int, clock func() time.Time) {
	if len(w.layers) == 0 {
		return
	}
	began := clock()
	keep := w.looks%w.every == 0
	for i, s := range report.SlopesOf(w.net) {
		w.layers[i].look(s, step, keep)
	}
	w.looks++
	if keep && len(w.layers[0].steps) == maxLooks {
		w.thin()
	}
	end := clock()
	w.next = end.Add(max(slopeEvery, slopeShare*end.Sub(began)))
}

// thin drops every other look.
func (w *slopeWatch) thin() {
	w.every *= 2
	for _, l := range w.layers {
		l.steps = everyOther(l.steps)
		for q := range l.percentiles {
			l.percentiles[q] = everyOther(l.percentiles[q])
		}
	}
}

func everyOther[T any](list []T) (half []T) {
	for i := 0; i < len(list); i += 2 {
		half = append(half, list[i])
	}
	return half
}

func (l *slopeLayer) look(s report.Slopes, step int, keep bool) {
	sorted := slices.DeleteFunc(slices.Clone(s.Values), func(v float32) bool { return v-v != 0 })
	slices.Sort(sorted)
	if n := len(sorted); n > 0 {
		l.reach(float64(sorted[0]))
		l.reach(float64(sorted[n-1]))
	}
	l.now, l.counts = s, report.Histogram(sorted, l.centre-l.radius, l.centre+l.radius, slopeBins)
	if !keep || len(l.steps) > 0 && l.steps[len(l.steps)-1] == step {
		return
	}
	l.steps = append(l.steps, step)
	for q, p := range percentiles {
		v := math.NaN()
		if len(sorted) > 0 {
			v = metric.Percentile(sorted, p)
		}
		l.percentiles[q] = append(l.percentiles[q], number(v))
	}
}

// reach widens the range until it has v.
func (l *slopeLayer) reach(v float64) {
	for math.Abs(v-l.centre) > l.radius {
		l.radius *= 2
		for i := range l.past {
			l.past[i].Counts = halved(l.past[i].Counts)
		}
	}
}

// halved is a histogram with a range twice as wide about the same centre.
func halved(counts []int) []int {
	wide := make([]int, len(counts))
	for i, n := range counts {
		wide[len(counts)/4+i/2] += n
	}
	return wide
}

// keep takes down the histograms as those at the end of an epoch; 0 is the start.
func (w *slopeWatch) keep(epoch int) {
	for _, l := range w.layers {
		if len(l.past) == maxHistograms {
			l.past = everyOther(l.past)
		}
		l.past = append(l.past, pastHistogram{epoch, l.counts})
	}
}

// slopeView is what the page gets of a layer's slopes.
type slopeView struct {
	Layer       string          `json:"layer"`
	Kind        string          `json:"kind"` // "prelu:element"
	Count       int             `json:"count"`
	Lo          number          `json:"lo"` // range of the histograms
	Hi          number          `json:"hi"`
	Counts      []int           `json:"counts"`
	Past        []pastHistogram `json:"past"`
	Mean        number          `json:"mean"`
	Std         number          `json:"std"`
	Below       number          `json:"below"`      // share below 0
	NotFinite   int             `json:"not_finite"` // number of values
	Step        []int           `json:"step"`       // of the percentiles
	Percentiles [][]number      `json:"percentiles"`
}

func (w *slopeWatch) view() []slopeView {
	list := []slopeView{}
	for _, l := range w.layers {
		s := l.now
		list = append(list, slopeView{
			Layer: s.Layer, Kind: s.Kind + ":" + s.Sharing, Count: len(s.Values),
			Lo: number(l.centre - l.radius), Hi: number(l.centre + l.radius), Counts: l.counts, Past: slices.Clone(l.past),
			Mean: number(s.Mean), Std: number(s.Std), Below: number(s.Below), NotFinite: s.NotFinite,
			Step: l.steps, Percentiles: slices.Clone(l.percentiles),
		})
	}
	return list
}
