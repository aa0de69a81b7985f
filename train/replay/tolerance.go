package replay

import "math"

// Tolerance is how far a step may be from the recorded one.
//
// The defaults come of recordings of 100 steps, nine of PyTorch and nine each of Keras on
// TensorFlow, JAX and PyTorch, with up to 16 channels and batches of 64. At most they needed
//
//	loss        2.3e−7
//	statistic   1.3e−6; TensorFlow's mean of 18,432 values, most of them equal, 6.4e−5
//	gradient    1e−5 without kinks and nearly perfect answers; at a kink 4e−3, where rounding
//	            decides the side, and at answers that are nearly perfect 3e−4, where p − t
//	            cancels in float32: those are judged by what rounding moves
//	state       4e−7
//	update      0.41 of what is allowed, most of it rounding of the parameter
type Tolerance struct {
	// Loss is the allowed |a−b|, as a share of max(|b|, 1).
	Loss float64
	// Gradient is the allowed ‖a−b‖ of a tensor, as a share of ‖b‖. GradientFloor, as a share of
	// the norm of all gradients together, is added, and CancellingFloor for a bias in front of a
	// batch normalisation, which takes it out: its gradient is nothing but rounding.
	Gradient, GradientFloor, CancellingFloor float64
	// Update is the allowed |a−b| of an element of a parameter after a step, as a share of the
	// largest change in the tensor; four units in the last place of the largest element are
	// added.
	Update float64
	// State and Statistic are the allowed |a−b| of an element as a share of max|b|, in the
	// optimizer's state and in running statistics after the step. For statistics Summation
	// times 2⁻²⁴ for each value of a channel is added, up to which adding float32 numbers one
	// after the other errs, as frameworks do, where many are equal, as behind a blank
	// background.
	State, Statistic, Summation float64
}

// DefaultTolerance is what right programs were found to need, and a little more.
var DefaultTolerance = Tolerance{
	Loss: 1e-5, Gradient: 1e-5, GradientFloor: 1e-6, CancellingFloor: 1e-4, Update: 1e-4, State: 1e-5, Statistic: 1e-5, Summation: 0.1,
}

const ulp = 1.0 / (1 << 23)

// norm is ‖v‖.
func norm(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}

// normOfAll is the norm of all tensors together.
func normOfAll(tensors map[string][]float32) float64 {
	squares := 0.0
	for _, v := range tensors {
		n := norm(v)
		squares += n * n
	}
	return math.Sqrt(squares)
}

// distance is ‖a−b‖.
func distance(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		d := float64(x) - float64(b[i])
		sum += d * d
	}
	return math.Sqrt(sum)
}

// largest is max|v|.
func largest(v []float32) float64 {
	m := 0.0
	for _, x := range v {
		m = maxNaN(m, math.Abs(float64(x)))
	}
	return m
}

// largestDifference is max|a−b|.
func largestDifference(a, b []float32) float64 {
	m := 0.0
	for i, x := range a {
		if x == b[i] { // equal infinities too
			continue
		}
		m = maxNaN(m, math.Abs(float64(x)-float64(b[i])))
	}
	return m
}

// maxNaN is the larger number; NaN counts as infinite.
func maxNaN(a, b float64) float64 {
	if math.IsNaN(b) {
		return math.Inf(1)
	}
	return max(a, b)
}

// share is a distance in units of what is allowed.
func share(distance, allowed float64) float64 {
	switch {
	case distance == 0:
		return 0
	case math.IsNaN(distance) || math.IsInf(distance, 0) || !(allowed > 0):
		return math.Inf(1)
	}
	return distance / allowed
}
