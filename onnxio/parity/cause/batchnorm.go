package cause

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/layer"
)

func (p *place) batchNorm() (layer.BatchNorm, bool) {
	if p.node == nil {
		return layer.BatchNorm{}, false
	}
	b, ok := p.node.Layer.(layer.BatchNorm)
	return b.Normal(), ok
}

// batchNormEps tries the usual values of ε.
func batchNormEps(p *place) {
	b, ok := p.batchNorm()
	if !ok {
		return
	}
	for _, eps := range []float32{1e-3, 1e-5, 1e-7, 1e-6, 1e-4, 2e-5, 1e-8, 1e-12, 1e-2, 1.001e-5} {
		p.withEps(b, eps)
	}
}

func (p *place) withEps(b layer.BatchNorm, eps float32) float64 {
	if eps == b.Eps {
		return math.Inf(1)
	}
	text := fmt.Sprintf("its ε is %g and should be %g", b.Eps, eps)
	b.Eps = eps
	return p.replace("batchnorm-epsilon", text, b, paramsOf(p.node))
}

// fitBatchNormEps finds any other ε.
func fitBatchNormEps(p *place) {
	b, ok := p.batchNorm()
	if !ok {
		return
	}
	start := math.Log(float64(b.Eps))
	make := func(x []float64) value {
		c := b
		c.Eps = float32(math.Exp(x[0]))
		return p.replacement("batchnorm-epsilon", fmt.Sprintf("its ε is %g and should be about %.3g", b.Eps, c.Eps), c, paramsOf(p.node))
	}
	for _, from := range []float64{start, math.Log(1e-3), math.Log(1e-1)} {
		p.fit(make, []float64{from})
	}
}

// batchNormParams tries the parameters in other roles.
func batchNormParams(p *place) {
	b, ok := p.batchNorm()
	if !ok {
		return
	}
	names := []string{"weight", "bias", "running_mean", "running_var"}
	said := []string{"γ", "β", "mean", "variance"}
	for _, order := range permutations(4) {
		params := map[string][]float32{}
		text := ""
		for i, o := range order {
			params[names[i]] = p.param(names[o])
			if i != o {
				text += fmt.Sprintf(", %s is in the place of %s", said[i], said[o])
			}
		}
		p.replace("batchnorm-parameters", "its parameters are swapped: "+text[2:], b, params)
	}
	variance := p.param("running_var")
	square, root := make([]float32, len(variance)), make([]float32, len(variance))
	for i, v := range variance {
		square[i], root[i] = v*v, float32(math.Sqrt(math.Abs(float64(v))))
	}
	p.with("batchnorm-parameters", "its variance is a standard deviation and has to be squared", "running_var", square)
	p.with("batchnorm-parameters", "its standard deviation is a variance: the square root has to be taken", "running_var", root)
	for i, name := range names[:3] {
		p.with("batchnorm-parameters", "the sign of its "+said[i]+" is the opposite one", name, scaled(p.param(name), -1))
	}
}
