package parity

import (
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// What a recording names as nothing in the file, it may still have in the order of a forward
// pass. Both sequences are aligned: as many tensors as possible get layers of their shape in
// the order of the network, and names that tell the kind of a layer rather those.

// kindWords are parts of the names of layers in the frameworks, by the kinds of layers.
var kindWords = map[string][]string{
	"Conv": {"conv", "depthwise", "pointwise"}, "ConvTranspose": {"conv", "deconv"}, "Dense": {"dense", "fc", "linear"},
	"BatchNorm": {"bn", "norm"}, "Activation": {"act", "relu", "elu", "gelu", "swish", "silu", "mish", "sigmoid", "tanh"},
	"MaxPool": {"pool"}, "AveragePool": {"pool"}, "GlobalAveragePool": {"pool", "gap"}, "GlobalMaxPool": {"pool"},
	"Flatten": {"flat"}, "Add": {"add", "join", "sum"}, "Concat": {"cat"}, "Softmax": {"softmax", "prob"}, "Pad": {"pad"}, "Dropout": {"drop"},
}

// follow aligns recorded tensors without a layer with layers without a tensor, and gives those
// that are left.
func (p *placement) follow(open []candidate, names []string, recorded map[string]*nn.Tensor) (found []candidate, left []string) {
	var layers []string
	for _, n := range p.net.Nodes() {
		_, taken := p.of[n.Name]
		if !taken && !slices.ContainsFunc(open, func(c candidate) bool { return c.layer == n.Name && !c.guessed }) {
			layers = append(layers, n.Name)
		}
	}
	score := make([][]int, len(names)+1) // best from name i and layer k on
	fit := make([][]candidate, len(names))
	for i := range score {
		score[i] = make([]int, len(layers)+1)
	}
	for i := len(names) - 1; i >= 0; i-- {
		fit[i] = make([]candidate, len(layers))
		for k := len(layers) - 1; k >= 0; k-- {
			score[i][k] = max(score[i+1][k], score[i][k+1])
			c := candidate{name: names[i], layer: layers[k], guessed: true}
			if c.first, c.last = p.asLayer(c.layer, recorded[c.name]); c.first != nil || c.last != nil {
				fit[i][k] = c
				score[i][k] = max(score[i][k], score[i+1][k+1]+p.likeness(c))
			}
		}
	}
	for i, k := 0, 0; i < len(names); {
		switch {
		case k < len(layers) && fit[i][k].name != "" && score[i][k] == score[i+1][k+1]+p.likeness(fit[i][k]):
			found = append(found, fit[i][k])
			i, k = i+1, k+1
		case k < len(layers) && score[i][k] == score[i][k+1]:
			k++
		default:
			left = append(left, names[i])
			i++
		}
	}
	return found, left
}

// likeness is how well a tensor of a layer's shape goes with the layer, at least 2.
func (p *placement) likeness(c candidate) int {
	if c.name == c.layer {
		return 8
	}
	return wordLikeness(c.name, kindOf(p.net.Node(c.layer).Layer))
}

// wordLikeness is how well a name goes with a kind of layers: 5 if it tells the kind, 2 if it
// tells another, else 3.
func wordLikeness(name, kind string) int {
	name = strings.ToLower(name)
	own := slices.ContainsFunc(kindWords[kind], func(w string) bool { return strings.Contains(name, w) })
	other := false
	for k, words := range kindWords {
		other = other || k != kind && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
	}
	switch {
	case own:
		return 5
	case other:
		return 2
	}
	return 3
}

func kindOf(l nn.Layer) string {
	if _, ok := l.(activation.Layer); ok {
		return "Activation"
	}
	return l.Kind()
}
