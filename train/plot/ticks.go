package plot

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// linearTicks are at multiples of 1, 2 or 5 times a power of ten, about count of them.
func linearTicks(lo, hi float64, count int, whole bool) []plot.Tick {
	raw := (hi - lo) / float64(max(count, 1))
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * unit
	for _, m := range []float64{1, 2, 5} {
		if m*unit >= raw*0.999 {
			step = m * unit
			break
		}
	}
	if whole {
		step = math.Max(step, 1)
	}
	var ticks []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step && len(ticks) < 100; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: formatTick(i*step, step)})
	}
	return ticks
}

// formatTick writes a number with some digits after the point, or in powers of ten if it is very
// great or small, with as many digits as tell it from its neighbours and a minus that is as wide as
// a plus.
func formatTick(v, step float64) string {
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	s := strconv.FormatFloat(v, 'f', min(digits, 20), 64)
	if a := math.Abs(v); a >= 1e6 || digits > 5 && a < 0.1 {
		places := math.Floor(math.Log10(a)+1e-9) - math.Floor(math.Log10(step)+1e-9)
		s = strconv.FormatFloat(v, 'g', int(min(max(places+1, 1), 17)), 64)
		s = strings.NewReplacer("e+0", "e", "e-0", "e-", "e+", "e").Replace(s)
	}
	if v == 0 {
		s = "0"
	}
	return strings.ReplaceAll(s, "-", "−")
}

// logTicks label powers of ten, as many as have room, and if the axis has less than two of them
// also numbers between.
func logTicks(lo, hi float64, count int) []plot.Tick {
	first, last := int(math.Floor(math.Log10(lo))), int(math.Ceil(math.Log10(hi)))
	decades := math.Log10(hi) - math.Log10(lo)
	every := max(1, int(math.Ceil(decades/float64(max(count, 1)))))
	labelled := []float64{1}
	powers := math.Floor(math.Log10(hi)+1e-9) - math.Ceil(math.Log10(lo)-1e-9) + 1 // of ten, on the axis
	switch {
	case decades < 0.7:
		return linearTicks(lo, hi, count, false)
	case powers < 2 || decades < 1.5:
		labelled = []float64{1, 2, 5}
	}
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		for m := 1.0; m < 10; m++ {
			v := m * math.Pow(10, float64(e))
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: v}
			for _, l := range labelled {
				if l == m && e%every == 0 {
					t.Label = formatLog(m, e)
				}
			}
			if t.Label != "" || every == 1 {
				ticks = append(ticks, t)
			}
		}
	}
	return ticks
}

func formatLog(m float64, e int) string {
	if -4 <= e && e < 5 {
		return strconv.FormatFloat(m*math.Pow(10, float64(e)), 'g', 3, 64)
	}
	return strings.ReplaceAll(strconv.Itoa(int(m))+"e"+strconv.Itoa(e), "-", "−")
}

// nameTicks label whole numbers, leaving out as many as have no room.
func nameTicks(names []string, lo, hi float64, count int) []plot.Tick {
	every := max(1, (len(names)+count-1)/max(count, 1))
	var ticks []plot.Tick
	for i, name := range names {
		if v := float64(i); v >= lo && v <= hi && i%every == 0 {
			ticks = append(ticks, plot.Tick{Value: v, Label: name})
		}
	}
	return ticks
}
