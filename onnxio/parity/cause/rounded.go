package cause

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
)

// format is a format of fewer bits than float32.
type format struct {
	name     string
	mantissa int // bits behind the point
	least    int // exponent of the smallest normal number
	most     float64
}

var formats = []format{{"float16", 10, -14, 65504}, {"bfloat16", 7, -126, math.MaxFloat32}}

// spacing is the distance of neighbouring numbers of the format near x.
func (f format) spacing(x float32) float64 {
	_, e := math.Frexp(float64(x))
	return math.Ldexp(1, max(e-1, f.least)-f.mantissa)
}

// has reports whether a number is exactly one of the format.
func (f format) has(x float32) bool {
	v := math.Abs(float64(x))
	n := v / f.spacing(x)
	return v <= f.most && n == math.Trunc(n)
}

const fewWeights = 16 // are too few to recognise a format

// formatOf is the format of which all weights of a layer are; false if there is none.
func formatOf(node *nn.Node) (format, bool) {
	for _, f := range []format{formats[1], formats[0]} { // bfloat16 has fewer
		n, plain := 0, 0
		all := true
		for _, p := range node.Params {
			if p.Role != nn.Weight {
				continue
			}
			for _, w := range p.Data {
				all = all && f.has(w)
				if w == float32(math.Trunc(float64(w)*16)/16) {
					plain++ // such as 0 and 1, which all formats have
				}
				n++
			}
		}
		if all && n >= fewWeights && plain < n/2 {
			return f, true
		}
	}
	return format{}, false
}

// rounded looks for layers whose weights are rounded, first among the suspects, and names one if
// that explains the error.
func (s *search) rounded() bool {
	return len(s.suspects) > 0 && s.roundedAmong(s.suspected) || s.roundedAmong(func(string) bool { return true })
}

func (s *search) roundedAmong(these func(name string) bool) bool {
	total, weighty := 0.0, 0
	var worst *nn.Node
	var of format
	most, count := 0.0, 0
	for _, node := range s.c.Net.Nodes() {
		for _, p := range node.Params {
			if p.Role == nn.Weight && len(p.Data) >= fewWeights {
				weighty++
				break
			}
		}
		f, ok := formatOf(node)
		if !ok || !these(node.Name) {
			continue
		}
		e := s.roundingError(node, f)
		total += e * e
		count++
		if e > most || worst == nil {
			worst, most, of = node, e, f
		}
	}
	total = math.Sqrt(total)
	const apart = 8
	if worst == nil || s.whole.before > apart*total || total > apart*s.whole.before {
		return false
	}
	c := Cause{Kind: "weights-rounded", Layer: worst.Name, Before: s.whole.before, Uncorrected: true}
	c.Text = fmt.Sprintf("%s: its weights are rounded to %s, which explains an error of this size", worst.Name, of.name)
	if count > 1 {
		c.Text += fmt.Sprintf("; so are those of %s of %d", others(count-1), weighty)
	}
	if len(s.suspects) == 1 && s.suspects[0].alone {
		c.After = s.whole.patch(s.suspects[0].name).error(s.c.Want[s.suspects[0].name], s.whole.values, s.whole.want)
	}
	s.f.Tried[c.Kind] += count
	s.f.Cause = &c
	return true
}

// suspected reports whether a layer is between the reference's values and a suspect.
func (s *search) suspected(name string) bool {
	for _, u := range s.suspects {
		if u.stage.inside[name] {
			return true
		}
	}
	return false
}

// roundingError is the error of the outputs that rounding a layer's weights makes: that of random
// changes of the same size.
func (s *search) roundingError(node *nn.Node, f format) float64 {
	rng := rand.New(rand.NewPCG(1, 2))
	patch := s.whole.patch(node.Name)
	most := 0.0
	for range 3 {
		params := paramsOf(node)
		for _, p := range node.Params {
			moved := make([]float32, len(p.Data))
			for i, w := range p.Data {
				moved[i] = w
				if f.has(w) {
					moved[i] += float32((rng.Float64() - 0.5) * f.spacing(w))
				}
			}
			params[p.Name] = moved
		}
		var in []*nn.Tensor
		for _, name := range node.Inputs {
			in = append(in, s.whole.values[name])
		}
		y, err := apply(node.Layer, params, in...)
		if err != nil {
			return 0
		}
		if e := patch.error(y, s.whole.values, s.whole.values); !math.IsInf(e, 1) {
			most = max(most, e)
		}
	}
	return most
}
