package replay

import (
	"testing"

	"github.com/gonn-toolkit/gonn/train/bundle"
)

// A running mean that is nothing but rounding is judged on the scale of what the batch holds, and
// one that the batch moves is not let off by that.
func TestMeansThatCancel(t *testing.T) {
	norms := []bundle.BatchNorm{{Mean: "mean", Variance: "variance", Momentum: 0.9}}
	before := &bundle.State{Values: map[string][]float32{"mean": {0}, "variance": {1}}}
	after := &bundle.State{Values: map[string][]float32{"mean": {2e-9}, "variance": {0.9 + 0.1*4}}} // variance 4 in the batch
	scale := scaleOfMeans(norms, "mean", before, after)
	if scale < 0.199 || scale > 0.201 {
		t.Errorf("scale %g, want a tenth of 2", scale)
	}
	if s := scaleOfMeans(norms, "variance", before, after); s != 0 {
		t.Errorf("scale %g of a variance", s)
	}
	for got, equal := range map[float32]bool{-3e-9: true, 1e-3: false} {
		j := &judge{step: &Step{Worst: map[Kind]Deviation{}}}
		j.onScale(KindStatistic, "mean", []float32{got}, after.Values["mean"], scale, DefaultTolerance.Statistic)
		if (len(j.step.Wrong) == 0) != equal {
			t.Errorf("a mean of %g: %+v", got, j.step.Wrong)
		}
	}
}
