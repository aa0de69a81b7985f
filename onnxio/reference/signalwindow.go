package reference

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// signalOps make the windows and weights that go with Fourier transforms.
var signalOps = map[string]op{
	"HannWindow":      cosineWindow(0.5, 0.5, 0),
	"HammingWindow":   cosineWindow(25./46, 21./46, 0),
	"BlackmanWindow":  cosineWindow(0.42, 0.5, 0.08),
	"MelWeightMatrix": melWeightMatrix,
}

// cosineWindow makes an operator for a − b·cos(2πk/n) + d·cos(4πk/n), where k goes up to n
// or, of a periodic window, to the one before.
func cosineWindow(a, b, d float64) op {
	return func(c *call) ([]*Tensor, error) {
		size, err := c.scalarSize(0, 0)
		if err != nil {
			return nil, err
		}
		n := size
		if !c.flag("periodic", true) {
			n = max(1, size-1)
		}
		y := make([]float64, size)
		for k := range y {
			turn := 2 * math.Pi * float64(k) / float64(n)
			y[k] = a - b*math.Cos(turn) + d*math.Cos(2*turn)
		}
		return one(c.output(FromFloat64s(graph.Double, []int{size}, y)))
	}
}

// output gives t the type that the attribute output_datatype names, FLOAT by default.
func (c *call) output(t *Tensor) (*Tensor, error) {
	typ := graph.DataType(c.int("output_datatype", int(graph.Float)))
	if !isNumber(typ) {
		return nil, fmt.Errorf("attribute \"output_datatype\" is %v", typ)
	}
	return t.as(typ), nil
}

// melWeightMatrix is [length/2 + 1, bands]: triangles over the frequencies of a spectrum,
// evenly spaced on the mel scale, 2595·log10(1 + f/700), between two frequencies in hertz.
func melWeightMatrix(c *call) ([]*Tensor, error) {
	var sizes [3]int // bands, length of the transform, samples per second
	var err error
	for k := range sizes {
		if sizes[k], err = c.scalarSize(k, 0); err != nil {
			return nil, err
		}
	}
	var mel [2]float64
	for k := range mel {
		edge, err := c.floats(3 + k)
		if err != nil {
			return nil, err
		}
		if len(edge.Floats) != 1 {
			return nil, fmt.Errorf("input %d has shape %v, it must be one number", 3+k, edge.Shape)
		}
		mel[k] = 2595 * math.Log10(1+edge.Floats[0]/700)
	}
	bands, rows := sizes[0], sizes[1]/2+1
	y, err := newTensor(graph.Double, rows, bands)
	if err != nil {
		return nil, err
	}
	edges := make([]int, bands+2)
	for i := range edges {
		hertz := 700 * (math.Pow(10, (mel[0]+float64(i)*(mel[1]-mel[0])/float64(len(edges)))/2595) - 1)
		bin := math.Floor(float64(sizes[1]+1) * hertz / float64(sizes[2]))
		if !(bin >= 0 && bin < float64(rows)) {
			return nil, fmt.Errorf("%v hertz lie outside of the spectrum", hertz)
		}
		edges[i] = int(bin)
	}
	for band := range bands {
		low, top, high := edges[band], edges[band+1], edges[band+2]
		for j := low; j < high; j++ {
			if j < top {
				y.Floats[j*bands+band] = float64(j-low) / float64(top-low)
			} else {
				y.Floats[j*bands+band] = float64(high-j) / float64(high-top)
			}
		}
		y.Floats[top*bands+band] = 1
	}
	return one(c.output(y))
}
