package data

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Norm says what a model expects of a pixel v in 0…255: (v·Scale − Mean)/Std.
type Norm struct {
	Scale float64   // 0 stands for 1/255
	Mean  []float64 // one for all channels or one for each; none stands for 0
	Std   []float64 // the same; none stands for 1
}

type normalized struct {
	nn.Samples
	factor    float32 // of what Fill gives, pixel/255
	mean, std []float32
}

// Normalize is a view of a set whose samples read pixel/255, as a model reads
// it that was trained on (pixel·scale − mean)/std. In float32 and with the
// default scale it gives the bits of torchvision's ToTensor and Normalize.
func Normalize(s nn.Samples, n Norm) (nn.Samples, error) {
	v, err := n.values(s.Shape())
	if err != nil {
		return nil, err
	}
	v.Samples = s
	return v, nil
}

// Check is an error if the normalisation is not one for samples of a shape.
func (n Norm) Check(shape nn.Shape) error {
	_, err := n.values(shape)
	return err
}

// values are the numbers for samples of a shape, without a set.
func (n Norm) values(shape nn.Shape) (*normalized, error) {
	if len(shape) != 3 {
		return nil, fmt.Errorf("normalize: samples of shape %v; need (C, H, W)", shape)
	}
	v := &normalized{factor: float32(255 * n.Scale)}
	if n.Scale == 0 {
		v.factor = 1
	}
	if !finite(v.factor) || v.factor == 0 {
		return nil, fmt.Errorf("normalize: scale %v; need a finite number that is not too small for float32", n.Scale)
	}
	var err error
	if v.mean, err = perChannel("mean", n.Mean, shape[0], 0); err != nil {
		return nil, err
	}
	if v.std, err = perChannel("std", n.Std, shape[0], 1); err != nil {
		return nil, err
	}
	for c, d := range v.std {
		if d <= 0 {
			return nil, fmt.Errorf("normalize: std %v of channel %d; need a number above 0", d, c)
		}
	}
	return v, nil
}

func perChannel(name string, list []float64, channels int, def float64) ([]float32, error) {
	if len(list) == 0 {
		list = []float64{def}
	}
	if len(list) != 1 && len(list) != channels {
		return nil, fmt.Errorf("normalize: %d values of %s for %d channels; need one, or one for each channel",
			len(list), name, channels)
	}
	out := make([]float32, channels)
	for c := range out {
		out[c] = float32(list[c%len(list)])
		if !finite(out[c]) {
			return nil, fmt.Errorf("normalize: %s %v of channel %d; need a finite number", name, list[c%len(list)], c)
		}
	}
	return out, nil
}

func finite(x float32) bool { return math.Abs(float64(x)) <= math.MaxFloat32 }

// Group keeps what belongs together in the set together in the view.
func (v *normalized) Group(i int) int { return groupOf(v.Samples, i) }

// AtEpoch is the view of the set as epoch n reads it.
func (v *normalized) AtEpoch(n int) nn.Samples {
	view := *v
	view.Samples = AtEpoch(v.Samples, n)
	return &view
}

func (v *normalized) Fill(dst nn.Block, idx []int) error {
	if err := v.Samples.Fill(dst, idx); err != nil {
		return err
	}
	plane := len(dst.Data) / len(v.mean) // H·W·Lanes
	for c := range v.mean {
		row := dst.Data[c*plane : (c+1)*plane]
		for i := 0; i < len(row); i += nn.Lanes {
			for l := range idx {
				row[i+l] = v.normalize(c, row[i+l])
			}
		}
	}
	return nil
}

// ReadSample writes sample i into dst.
func (v *normalized) ReadSample(dst []float32, i int) error {
	if err := nn.ReadSample(dst, v.Samples, i); err != nil {
		return err
	}
	plane := len(dst) / len(v.mean)
	for k, x := range dst {
		dst[k] = v.normalize(k/plane, x)
	}
	return nil
}

// normalize is a value of channel c. The conversion keeps the product from being fused with
// the difference, which would change its bits.
func (v *normalized) normalize(c int, x float32) float32 {
	return (float32(x*v.factor) - v.mean[c]) / v.std[c]
}

// NormalizeBy is Normalize by a normalisation as ParseNorm spells it; "" changes nothing.
func NormalizeBy(s nn.Samples, spec string) (nn.Samples, error) {
	if spec == "" {
		return s, nil
	}
	n, err := ParseNorm(spec)
	if err != nil {
		return nil, fmt.Errorf("normalize: %w", err)
	}
	return Normalize(s, n)
}
