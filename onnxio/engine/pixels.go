package engine

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Input is a data set as the model takes it, which Outputs does by itself: for integers the
// pixels that samples from 0 to 1 come from, for BOOL whether they are not 0.
func (c *Classifier) Input(data nn.Samples) nn.Samples {
	switch {
	case c.raw:
		return data
	case c.Type == graph.Bool:
		return &pixels{data, func(v float32) float32 {
			if v != 0 {
				return 1
			}
			return 0
		}}
	case integers(c.Type):
		return &pixels{data, func(v float32) float32 {
			x := float64(v) * 255
			if r := math.Round(x); math.Abs(r-x) < 1e-3 {
				return float32(r)
			}
			return float32(x) // no pixel: the engine says so
		}}
	}
	return data
}

// TakesPixels reports whether the model is given pixels as they are, 0 to 255.
func (c *Classifier) TakesPixels() bool { return !c.raw && integers(c.Type) }

// pixels are samples of which each value is changed.
type pixels struct {
	nn.Samples
	change func(float32) float32
}

func (p *pixels) Fill(dst nn.Block, idx []int) error {
	if err := p.Samples.Fill(dst, idx); err != nil {
		return err
	}
	for i, v := range dst.Data {
		dst.Data[i] = p.change(v)
	}
	return nil
}
