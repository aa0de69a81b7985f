package bench

import "slices"

// timedLayers are the times of layers, a slice after the other.
type timedLayers struct {
	run     task
	clocks  *clocks
	flops   []int                  // of each layer, for one sample
	samples float64                // of this slice so far
	times   map[*clock]*layerTimes // of each round
}

// layerTimes are nanoseconds a sample, by round.
type layerTimes struct{ forward, backward []float64 }

// call is the task.
func (t *timedLayers) call() (float64, error) {
	n, err := t.run()
	t.samples += n
	return n, err
}

// seen reads the clocks after a slice. The first of all, in which the executor makes its plans, is
// a warm-up.
func (t *timedLayers) seen(load, round int) {
	if load != 0 {
		return
	}
	if t.times == nil {
		t.times = map[*clock]*layerTimes{}
	}
	for _, c := range t.clocks.list {
		forward, backward := c.read()
		if round < 0 {
			continue
		}
		at := t.times[c]
		if at == nil {
			at = &layerTimes{}
			t.times[c] = at
		}
		at.forward = append(at.forward, forward/t.samples)
		at.backward = append(at.backward, backward/t.samples)
	}
	t.samples = 0
}

// fill fills in the rows; peaks are those of the rounds, in FLOP/s.
func (t *timedLayers) fill(l *Layers, peaks []float64) {
	all := 0.0
	for _, g := range t.groups() {
		us := func(ns []float64) float64 { return median(ns) * float64(l.Batch) / 1e3 }
		forward, backward := us(g.forward), us(g.backward)
		flops := 0
		for _, i := range g.layers {
			flops += t.flops[i]
		}
		r := l.rowOf(g.layers)
		r.ForwardUS, r.BackwardUS = forward, backward
		r.GFLOPS, r.ShareOfPeak = g.rates(flops, peaks)
		all += forward + backward
	}
	for i := range l.Rows {
		r := &l.Rows[i]
		r.ShareOfTime = (r.ForwardUS + r.BackwardUS) / max(all, 1e-3)
	}
}

// layerGroup is the time of some layers together.
type layerGroup struct {
	layers []int // in order
	layerTimes
}

// groups are the times of clocks that ran. Those of clocks with a layer in common are one: the
// samples that whole blocks leave over run by a plan that fuses other layers.
func (t *timedLayers) groups() (groups []layerGroup) {
	for _, c := range t.clocks.list {
		at := t.times[c]
		if median(at.forward)+median(at.backward) == 0 {
			continue // fused, or nothing to do
		}
		g := layerGroup{slices.Clone(c.layers), layerTimes{slices.Clone(at.forward), slices.Clone(at.backward)}}
		apart := groups[:0]
		for _, other := range groups {
			if !slices.ContainsFunc(other.layers, func(i int) bool { return slices.Contains(g.layers, i) }) {
				apart = append(apart, other)
				continue
			}
			g.layers = append(g.layers, other.layers...)
			for round := range g.forward {
				g.forward[round] += other.forward[round]
				g.backward[round] += other.backward[round]
			}
		}
		slices.Sort(g.layers)
		g.layers = slices.Compact(g.layers)
		groups = append(apart, g)
	}
	return groups
}

// rowOf is the row for the time of some layers: that of the one with the most work. The others
// say so.
func (l *Layers) rowOf(layers []int) *LayerRow {
	most := &l.Rows[layers[0]]
	for _, i := range layers[1:] {
		if l.Rows[i].MACs > most.MACs {
			most = &l.Rows[i]
		}
	}
	for _, i := range layers {
		if r := &l.Rows[i]; r != most {
			r.With = most.Layer
		}
	}
	return most
}

// rates are the median rate in GFLOP/s of so many FLOPs a sample, and its share of the peak of
// the same round.
func (t *layerTimes) rates(flops int, peaks []float64) (gflops, share float64) {
	if flops == 0 {
		return 0, 0
	}
	rates, shares := make([]float64, len(peaks)), make([]float64, len(peaks))
	for round, peak := range peaks {
		ns := t.forward[round] + t.backward[round]
		rates[round] = float64(flops) / max(ns, 1e-3)
		shares[round] = rates[round] * 1e9 / peak
	}
	return median(rates), median(shares)
}
