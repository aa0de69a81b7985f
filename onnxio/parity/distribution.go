package parity

import (
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Distribution is how the errors |a − b| of the elements of two tensors are spread.
type Distribution struct {
	P50 Number `json:"p50"` // half of the errors are at most this, to 2 %
	P90 Number `json:"p90"`
	P99 Number `json:"p99"`
	Max Number `json:"max"`
	// Histogram counts the elements by the decade of |a − b| / max|b|: the first bin those
	// that are equal or below 1e-9, then from 1e-9, from 1e-8, …, the last those of 1 and
	// more, and those that are no numbers.
	Histogram [histogramBins]int `json:"histogram"`
}

// histogramBins are the decades of an error relative to the scale, from below 1e-9 to 1 and more.
const histogramBins = 11

// quantileBits are the bits of a float64 that are left out for the quantiles: what stays are
// the exponent and six bits of the mantissa.
const quantileBits = 46

// DistributionOf holds got against the reference want, which must have as many elements.
func DistributionOf(got, want *nn.Tensor) Distribution {
	var d Distribution
	scale := scaleOf(want)
	counts := map[uint64]int{}
	for i, a := range got.Data {
		e := math.Abs(float64(a) - float64(want.Data[i]))
		if a == want.Data[i] {
			e = 0
		}
		d.Max = Number(nanMax(float64(d.Max), e))
		d.Histogram[histogramBin(e, scale)]++
		if math.IsNaN(e) {
			e = math.Inf(1)
		}
		counts[math.Float64bits(e)>>quantileBits]++
	}
	for share, q := range map[float64]*Number{0.5: &d.P50, 0.9: &d.P90, 0.99: &d.P99} {
		if *q = quantile(counts, len(got.Data), share); *q > d.Max {
			*q = d.Max // which is exact
		}
	}
	return d
}

func histogramBin(e, scale float64) int {
	if e == 0 {
		return 0
	}
	decade := math.Log10(e / scale) // of a scale of 0 it is infinite
	if !(decade < 0) {
		return histogramBins - 1
	}
	return max(0, int(math.Floor(decade))+histogramBins-1)
}

// quantile is the error that a share of n errors does not exceed.
func quantile(counts map[uint64]int, n int, share float64) Number {
	need := int(math.Ceil(share * float64(n)))
	for _, bits := range slices.Sorted(maps.Keys(counts)) {
		if need -= counts[bits]; need <= 0 {
			if bits == 0 {
				return 0
			}
			return Number(math.Float64frombits(bits<<quantileBits | 1<<(quantileBits-1)))
		}
	}
	return 0
}

// scaleOf is the largest finite |b|.
func scaleOf(x *nn.Tensor) float64 {
	var scale float64
	for _, b := range x.Data {
		if v := math.Abs(float64(b)); v > scale && !math.IsInf(v, 0) {
			scale = v
		}
	}
	return scale
}
