package cause

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// biasScaled tries half a bias, none, and the opposite sign.
func biasScaled(p *place) {
	if p.node == nil {
		return
	}
	if _, ok := p.batchNorm(); ok {
		return
	}
	b := p.param("bias")
	if b == nil || zero(b) {
		return
	}
	p.with("bias-doubled", "its bias is added twice and has to be added once", "bias", scaled(b, 0.5))
	p.with("bias-sign", "the sign of its bias is the opposite one", "bias", scaled(b, -1))
	p.with("bias-extra", "it has a bias and should have none", "bias", scaled(b, 0))
}

func zero(v []float32) bool {
	for _, x := range v {
		if x != 0 {
			return false
		}
	}
	return true
}

// fitBias finds the bias that a layer lacks, in whole or in part: where an exporter folds a batch
// normalisation into a convolution, part of the bias is that of the batch normalisation.
func fitBias(p *place) {
	l, params, ok := p.withBias()
	if !ok {
		return
	}
	kind, text, start := "bias-missing", "its bias is missing", make([]float64, p.shape[0])
	if old := p.param("bias"); old != nil && !zero(old) {
		if isNormalised(p.whole.c.Net, p.node) {
			return // it may be the batch normalisation's part
		}
		kind, text, start = "bias-other", "its bias lacks a part or has other values", doubles(old)
	}
	p.fit(func(x []float64) value {
		b := floats(x)
		with := map[string][]float32{"bias": b, "weight": params["weight"]}
		most := 0.0
		for _, v := range x {
			most = max(most, math.Abs(v))
		}
		v := p.replacement(kind, fmt.Sprintf("%s: with one of up to %.3g the network agrees", text, most), l, with)
		v.unlikely = kind == "bias-other"
		return v
	}, start)
}

// withBias is the node's layer with a bias; false if it cannot have one, or if a batch
// normalisation behind it has it.
func (p *place) withBias() (nn.Layer, map[string][]float32, bool) {
	if p.node == nil {
		return nil, nil, false
	}
	if p.param("bias") == nil && isNormalised(p.whole.c.Net, p.node) && !p.biasUsual() {
		return nil, nil, false
	}
	switch l := p.node.Layer.(type) {
	case layer.Conv:
		l.NoBias = false
		return l, paramsOf(p.node), true
	case layer.ConvTranspose:
		l.NoBias = false
		return l, paramsOf(p.node), true
	case layer.Dense:
		l.NoBias = false
		return l, paramsOf(p.node), true
	}
	return nil, nil, false
}

// isNormalised reports whether a batch normalisation reads a layer.
func isNormalised(net *nn.Network, node *nn.Node) bool {
	for _, r := range net.Nodes() {
		if _, ok := r.Layer.(layer.BatchNorm); ok && r.Inputs[0] == node.Name {
			return true
		}
	}
	return false
}

// biasUsual reports whether other layers in front of batch normalisations have a bias.
func (p *place) biasUsual() bool {
	net := p.whole.c.Net
	for _, node := range net.Nodes() {
		for _, q := range node.Params {
			if q.Role == nn.Bias && q.Name == "bias" && node.Layer.Kind() == p.node.Layer.Kind() && isNormalised(net, node) {
				return true
			}
		}
	}
	return false
}
