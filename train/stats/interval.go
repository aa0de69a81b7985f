package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Mean is the arithmetic mean of x, NaN of no values. That of equal values is their value, to
// the bit.
func Mean(x []float64) float64 {
	mean, _ := moments(x)
	return mean
}

// Std is the standard deviation of a sample, with n−1 as divisor. It is NaN of fewer than two
// values, and exactly 0 of equal ones.
func Std(x []float64) float64 {
	_, std := moments(x)
	return std
}

// moments are those of the distances from the first value, which are 0 if all are equal.
func moments(x []float64) (mean, std float64) {
	if len(x) == 0 {
		return math.NaN(), math.NaN()
	}
	distances := make([]float64, len(x))
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return math.NaN(), math.NaN()
		}
		distances[i] = v - x[0]
	}
	mean, std = stat.MeanStdDev(distances, nil)
	return x[0] + mean, std
}

// Interval is a range of values, in their unit.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Contains reports whether v lies in the interval or at one of its ends.
func (i Interval) Contains(v float64) bool { return i.Low <= v && v <= i.High }

// Within is the part of the interval that lies from low to high, the values that a figure can
// have: Student's distribution does not know that no accuracy is above 1.
func (i Interval) Within(low, high float64) Interval {
	return Interval{min(max(i.Low, low), high), max(min(i.High, high), low)}
}

// ConfidenceInterval is where the mean of all possible runs lies, given the runs x: the mean of
// x ± t·s/√n, with s as in Std and t the quantile of Student's distribution with n−1 degrees of
// freedom (Student 1908). Of 100 such intervals about 100·level hold the true mean. level is
// above 0 and below 1, usually 0.95; ConfidenceInterval panics if it is not.
//
// Both ends are NaN of fewer than two values, and the value itself if all are equal.
func ConfidenceInterval(x []float64, level float64) Interval {
	return around(x, level, 1/float64(len(x)))
}

// PredictionInterval is where one further run lies, given the runs x: the mean of x
// ± t·s·√(1 + 1/n), with s and t as for ConfidenceInterval (Fisher 1935; Hahn & Meeker 1991,
// section 4.3.1). It is the interval that a single published figure ought to be held against.
// level is as for ConfidenceInterval, and so are the ends of fewer than two values and of equal
// ones.
func PredictionInterval(x []float64, level float64) Interval {
	return around(x, level, 1+1/float64(len(x)))
}

// around is an interval around the mean, half of which is t·s·√variance.
func around(x []float64, level, variance float64) Interval {
	if !(0 < level && level < 1) {
		panic(fmt.Sprintf("stats: an interval of level %v: need one above 0 and below 1, such as 0.95", level))
	}
	if len(x) < 2 {
		return Interval{math.NaN(), math.NaN()}
	}
	mean, std := moments(x)
	half := -student(len(x)-1).Quantile((1-level)/2) * std * math.Sqrt(variance)
	return Interval{mean - half, mean + half}
}

// student is Student's t distribution.
func student(freedom int) distuv.StudentsT {
	return distuv.StudentsT{Sigma: 1, Nu: float64(freedom)}
}
