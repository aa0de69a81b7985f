package plot

import (
	"math"

	"gonum.org/v1/plot"
)

// Axis is one of a panel's two.
type Axis struct {
	Label string
	// Limits are the least and the greatest value shown; nil for those of the data. Those of a
	// logarithmic axis are above 0.
	Limits *[2]float64
	// Log makes the axis logarithmic. Values that are not above 0 are left out.
	Log bool
	// Whole puts ticks at whole numbers only: epochs.
	Whole bool
	// Names are the ticks' labels at 0, 1, 2, …, for classes and layers.
	Names []string
	// Hidden leaves the axis out.
	Hidden bool
}

// beyond is the size of values that are taken for infinite, so that margins and the steps of ticks
// do not overflow.
const beyond = 1e290

// shows reports whether a value can be drawn.
func (a *Axis) shows(v float64) bool {
	return math.Abs(v) < beyond && (!a.Log || v > 1/beyond)
}

// span is a range of values; none while Min > Max.
type span struct{ min, max float64 }

func noSpan() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) add(v float64) { s.min, s.max = math.Min(s.min, v), math.Max(s.max, v) }

func (s *span) union(o span) { s.min, s.max = math.Min(s.min, o.min), math.Max(s.max, o.max) }

// span is the range of the axis, for data of a span, with a margin around it as a share of it. An axis is
// never empty.
func (a *Axis) span(s span, margin float64) span {
	if l := a.Limits; l != nil && a.shows(l[0]) && a.shows(l[1]) && l[0] < l[1] {
		return span{l[0], l[1]}
	}
	if s.min > s.max {
		s = span{0, 1}
		if a.Log {
			s = span{0.1, 1}
		}
	}
	if a.Log {
		lo, hi := math.Log10(s.min), math.Log10(s.max)
		pad := margin * (hi - lo)
		if hi-lo < 1e-12 {
			pad = 0.02
		}
		return span{math.Pow(10, lo-pad), math.Pow(10, hi+pad)}
	}
	pad := margin * (s.max - s.min)
	if s.max-s.min <= 1e-12*math.Max(math.Abs(s.min), math.Abs(s.max)) {
		pad = math.Max(0.5*math.Abs(s.min), 1e-6)
		if a.Whole || s.min == 0 {
			pad = 0.5
		}
	}
	return span{s.min - pad, s.max + pad}
}

// apply sets the range, scale and ticks of an axis of gonum/plot; count is about how many labels
// have room.
func (a *Axis) apply(to *plot.Axis, s span, count int) {
	to.Min, to.Max = s.min, s.max
	to.Tick.Marker = plot.TickerFunc(func(lo, hi float64) []plot.Tick {
		switch {
		case a.Names != nil:
			return nameTicks(a.Names, lo, hi, count)
		case a.Log:
			return logTicks(lo, hi, count)
		}
		return linearTicks(lo, hi, count, a.Whole)
	})
	if a.Log {
		to.Scale = logScale{}
	}
}

// logScale is plot.LogScale without its panic: what is not above 0 lies outside of the panel.
type logScale struct{}

func (logScale) Normalize(lo, hi, x float64) float64 {
	if x <= 0 {
		return -1
	}
	return math.Log(x/lo) / math.Log(hi/lo)
}
