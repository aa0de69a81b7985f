package reference

import "math"

// softmaxOps are the operators that work on all numbers along an axis together.
var softmaxOps = map[string]op{
	"Softmax":    alongLine(softmax),
	"LogSoftmax": alongLine(logSoftmax),
	"Hardmax":    alongLine(hardmax),
}

// alongLine makes an operator of a function that changes a line of numbers in place.
// From opset 13 on a line runs along one axis, the last by default. Before that it is
// everything from an axis on, 1 by default, as if x were a matrix.
func alongLine(f func(line []float64)) op {
	return func(c *call) ([]*Tensor, error) {
		x, err := c.floats(0)
		if err != nil {
			return nil, err
		}
		def := -1
		if c.opset < 13 {
			def = 1
		}
		axis := c.axis("axis", def, max(len(x.Shape), 1))
		y := like(x, append([]float64(nil), x.Floats...))
		n, inner := 1, 1 // of a scalar
		if len(x.Shape) > 0 {
			_, n, inner = around(x.Shape, axis)
		}
		if c.opset < 13 {
			n, inner = n*inner, 1
		}
		eachLine(y.Floats, n, inner, f)
		return []*Tensor{y}, nil
	}
}

// eachLine lets f change every line of v, n numbers that lie inner apart: several at the same
// time.
func eachLine(v []float64, n, inner int, f func(line []float64)) {
	lines := len(v) / max(1, n)
	parallelRuns(lines, 1, 16*n, func(low, high int) {
		line := make([]float64, n)
		for k := low; k < high; k++ {
			at := k/inner*n*inner + k%inner
			for i := range line {
				line[i] = v[at+i*inner]
			}
			f(line)
			for i, y := range line {
				v[at+i*inner] = y
			}
		}
	})
}

// softmax is eˣ over the sum of eˣ.
func softmax(line []float64) {
	logSoftmax(line)
	for i, x := range line {
		line[i] = math.Exp(x)
	}
}

// logSoftmax is x minus the logarithm of the sum of eˣ.
func logSoftmax(line []float64) {
	top, sum := largest(line), 0.0
	for _, x := range line {
		sum += math.Exp(x - top)
	}
	log := math.Log(sum)
	for i, x := range line {
		line[i] = x - top - log
	}
}

// hardmax is 1 for the first of the largest numbers and 0 for the others.
func hardmax(line []float64) {
	best := 0
	for i, x := range line {
		if x > line[best] {
			best = i
		}
	}
	clear(line)
	line[best] = 1
}
