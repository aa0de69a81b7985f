package replay

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// A constant of the file may have become part of a parameter, such as a scale behind a dense
// layer: then an element of it is k·v + c of a recorded one v. Tags are lost by that. Recovering
// the network from two levels of all parameters gives k and c, and from digits of the elements'
// numbers which of them v is; the tags, which the first network has, prove it.

const (
	low, high = 0.25, 0.5
	digits    = 256 // in steps of 1/512 above high
)

// findFolded finds the sources of parameters that have constants in them.
func (p *placement) findFolded(b *bundle.Bundle, t *tags) error {
	probe := func(value func(i int) float32) (map[string][]float32, error) {
		m, err := graph.ReadFile(b.Path(bundle.ModelFile))
		if err != nil {
			return nil, err
		}
		if _, err := tagged(m, &b.Description, value); err != nil {
			return nil, err
		}
		im, err := onnxio.Import(m)
		if err != nil {
			return nil, fmt.Errorf("with other values of its parameters: %w", err)
		}
		values := map[string][]float32{}
		for _, param := range im.Network.Params() {
			values[param.FullName()] = param.Data
		}
		return values, nil
	}
	lows, err := probe(func(int) float32 { return low })
	if err != nil {
		return err
	}
	highs, err := probe(func(int) float32 { return high })
	if err != nil {
		return err
	}
	var byDigit []map[string][]float32
	for base := 1; base < t.size; base *= digits {
		values, err := probe(func(i int) float32 { return high + float32(i/base%digits)/(2*digits) })
		if err != nil {
			return err
		}
		byDigit = append(byDigit, values)
	}
	for _, param := range p.imported.Network.Params() {
		name := param.FullName()
		f := folded{tags: t, low: lows[name], high: highs[name]}
		for _, values := range byDigit {
			f.digits = append(f.digits, values[name])
		}
		if s := f.sourceOf(param); p.params[name] == nil && s != nil {
			p.params[name] = s
		}
	}
	return nil
}

// folded is a parameter as several networks have it.
type folded struct {
	tags      *tags
	low, high []float32
	digits    [][]float32
}

// sourceOf is where a parameter comes from whose tags have been changed; nil if it is not made of
// one recorded parameter like that.
func (f *folded) sourceOf(param *nn.Param) *source {
	n := len(param.Data)
	if len(f.low) != n || len(f.high) != n {
		return nil
	}
	s := newSource(n)
	for k := range n {
		factor := (float64(f.high[k]) - float64(f.low[k])) / (high - low)
		shift := float64(f.high[k]) - high*factor
		i, base := 0, 1
		for _, values := range f.digits {
			if len(values) != n {
				return nil
			}
			d := ((float64(values[k])-shift)/factor - high) * 2 * digits
			digit := math.Round(d)
			if !(math.Abs(d-digit) < 0.1 && digit >= 0 && digit < digits) {
				return nil
			}
			i += int(digit) * base
			base *= digits
		}
		if i >= f.tags.size || !f.tags.set(s, k, i) {
			return nil
		}
		s.factor[k], s.shift[k] = float32(factor), float32(shift)
		const rounding = 1e-5
		if got := factor*float64(tag(i)) + shift; math.Abs(got-float64(param.Data[k])) > rounding*(math.Abs(factor)+math.Abs(shift)) {
			return nil
		}
	}
	return s
}
