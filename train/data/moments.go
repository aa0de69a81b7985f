package data

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Moments are the mean and the standard deviation (of the population, dividing by
// their number) of the pixels of each channel of samples (C, H, W). They are summed in
// float64 in the order of the set, so they are the same on every machine.
func Moments(s nn.Samples) (mean, std []float64, err error) {
	shape := s.Shape()
	if len(shape) != 3 || s.Len() == 0 {
		return nil, nil, fmt.Errorf("moments: %d samples of shape %v; need some of (C, H, W)", s.Len(), shape)
	}
	n := float64(s.Len() * shape[1] * shape[2])
	mean, std = make([]float64, shape[0]), make([]float64, shape[0])
	sum, _, err := sumsAbout(s, mean)
	if err != nil {
		return nil, nil, err
	}
	for c := range mean {
		mean[c] = sum[c] / n
	}
	_, squares, err := sumsAbout(s, mean)
	if err != nil {
		return nil, nil, err
	}
	for c := range std {
		std[c] = math.Sqrt(squares[c] / n)
	}
	return mean, std, nil
}

// sumsAbout sums the differences of all pixels of a channel from its centre, and
// their squares.
func sumsAbout(s nn.Samples, centre []float64) (sum, squares []float64, err error) {
	sum, squares = make([]float64, len(centre)), make([]float64, len(centre))
	b, idx := nn.NewBlock(s.Shape()), make([]int, 0, nn.Lanes)
	plane := len(b.Data) / len(centre)
	for first := 0; first < s.Len(); first += nn.Lanes {
		idx = idx[:0]
		for i := first; i < min(first+nn.Lanes, s.Len()); i++ {
			idx = append(idx, i)
		}
		if err := s.Fill(b, idx); err != nil {
			return nil, nil, err
		}
		for c, m := range centre {
			var t, t2 float64
			for i := c * plane; i < (c+1)*plane; i += nn.Lanes {
				for _, x := range b.Data[i : i+len(idx)] {
					d := float64(x) - m
					t += d
					t2 += float64(d * d)
				}
			}
			sum[c] += t
			squares[c] += t2
		}
	}
	return sum, squares, nil
}
