package live

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// maxPoints is the number of points of a curve of batches: what a wide screen can show.
const maxPoints = 1024

// batchSeries sums up batches in points of equally many steps, so that a long training has no
// more points than a short one, and spikes stay visible.
type batchSeries struct {
	next   int // number of the next step, from 0 over all epochs
	width  int // steps a point
	points []batchPoint
	steps  int // in the last point
}

// batchPoint is some steps in a row.
type batchPoint struct {
	at       int // number of steps behind the last one
	stats    nn.Stats
	min, max float64 // loss of batches
	lr       float64 // of the last step
}

func (b *batchSeries) add(st nn.Stats, lr float64) {
	b.width = max(b.width, 1)
	if b.steps == b.width || len(b.points) == 0 {
		if len(b.points) == maxPoints {
			b.halve()
		}
		b.points, b.steps = append(b.points, batchPoint{min: math.Inf(1), max: math.Inf(-1)}), 0
	}
	b.next++
	b.steps++
	p := &b.points[len(b.points)-1]
	p.at, p.lr = b.next, lr
	p.stats.Add(st)
	p.min, p.max = min(p.min, st.Loss()), max(p.max, st.Loss())
}

// halve makes one point of two. All points are full, and there is an even number of them.
func (b *batchSeries) halve() {
	for i := range len(b.points) / 2 {
		p, q := b.points[2*i], b.points[2*i+1]
		q.stats.Add(p.stats)
		q.min, q.max = min(p.min, q.min), max(p.max, q.max)
		b.points[i] = q
	}
	b.points = slices.Clip(b.points[:len(b.points)/2])
	b.width *= 2
}

// batchView is what the page gets of the batches, a column each.
type batchView struct {
	Width    int      `json:"width"` // steps a point
	Step     []int    `json:"step"`
	Loss     []number `json:"loss"` // mean over samples
	Min      []number `json:"min"`  // of the losses of batches
	Max      []number `json:"max"`
	Accuracy []number `json:"accuracy"`
	LR       []number `json:"lr"`
}

func (b *batchSeries) view() *batchView {
	n := len(b.points)
	v := &batchView{b.width, make([]int, n), make([]number, n), make([]number, n), make([]number, n), make([]number, n), make([]number, n)}
	for i, p := range b.points {
		v.Step[i], v.Loss[i], v.Accuracy[i] = p.at, number(p.stats.Loss()), number(p.stats.Accuracy())
		v.Min[i], v.Max[i], v.LR[i] = number(p.min), number(p.max), number(p.lr)
	}
	return v
}
