package replay

import (
	"math"

	"github.com/gonn-toolkit/gonn/train/bundle"
)

// judge holds what a step computed against what was recorded.
type judge struct {
	step      *Step
	tolerance Tolerance
	// cancelling are parameters whose gradients are nothing but rounding.
	cancelling map[string]bool
}

// enter adds a deviation.
func (j *judge) enter(d Deviation) {
	d.Step = j.step.Step
	if w, ok := j.step.Worst[d.Kind]; !ok || d.Share > w.Share {
		j.step.Worst[d.Kind] = d
	}
	if !(d.Share <= 1) {
		j.step.Wrong = append(j.step.Wrong, d)
	}
}

func (j *judge) loss(got, want float64) {
	d, scale := math.Abs(got-want), max(math.Abs(want), 1)
	j.enter(Deviation{Kind: KindLoss, Error: d / scale, Share: share(d, j.tolerance.Loss*scale)})
}

// onScale judges each element on the scale of the largest, or of least if that is more.
func (j *judge) onScale(kind Kind, name string, got, want []float32, least, tolerance float64) {
	d, scale := largestDifference(got, want), max(largest(want), least)
	j.enter(Deviation{Kind: kind, Tensor: name, Error: share(d, scale), Share: share(d, tolerance*scale)})
}

// scaleOfMeans is the largest standard deviation of a channel in the step's batch, with the weight
// that the batch has in running means, if name is such. A mean of the batch that cancels, as behind
// a normalisation and a linear layer, is nothing but rounding on this scale.
func scaleOfMeans(norms []bundle.BatchNorm, name string, before, after *bundle.State) float64 {
	for _, n := range norms {
		if n.Mean != name {
			continue
		}
		old, most := before.Values[n.Variance], 0.0 // (1 − momentum) · variance of the batch
		for i, v := range after.Values[n.Variance] {
			most = max(most, float64(v)-float64(n.Momentum)*float64(old[i]))
		}
		return math.Sqrt(most * (1 - float64(n.Momentum)))
	}
	return 0
}

// parameter judges a parameter after a step on the scale of its change.
func (j *judge) parameter(name string, before, got, want []float32) {
	d, change := largestDifference(got, want), largestDifference(want, before)
	allowed := j.tolerance.Update*change + 4*ulp*largest(want)
	j.enter(Deviation{Kind: KindParameter, Tensor: name, Error: share(d, change), Share: share(d, allowed)})
}

// gradient judges a gradient among all of a step by its norm. spread, if not nil, is how far
// rounding moves it; it is asked for if the gradient does not pass otherwise.
func (j *judge) gradient(kind Kind, name string, got, want []float32, all map[string][]float32, spread func() (float64, error)) error {
	d, scale := distance(got, want), norm(want)
	whole, floor := normOfAll(all), j.tolerance.GradientFloor
	if j.cancelling[name] {
		floor = j.tolerance.CancellingFloor
	}
	allowed := j.tolerance.Gradient*scale + floor*whole
	least := 100 * j.tolerance.GradientFloor * whole
	dev := Deviation{Kind: kind, Tensor: name, Error: share(d, max(scale, least)), Share: share(d, allowed)}
	if !(dev.Share <= 1) && spread != nil {
		s, err := spread()
		if err != nil {
			return err
		}
		if with := share(d, allowed+s); with <= 1 {
			dev.Share, dev.Rounded = with, true
		}
	}
	j.enter(dev)
	return nil
}
