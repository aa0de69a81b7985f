package cause

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// bug plants a cause in a network.
type bug struct {
	name  string
	kinds []string
	// at reports whether a layer takes the bug.
	at func(net *nn.Network, node *nn.Node) bool
	// plant returns the network with the bug at a layer, or nil.
	plant func(t *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network
	// inner is set if the bug cannot be told from outputs alone.
	inner bool
	// layer is the name to find, if it is not that of the node.
	layer string
}

func isConv(_ *nn.Network, node *nn.Node) bool { return is[layer.Conv](node) }

func isWide(_ *nn.Network, node *nn.Node) bool {
	l, ok := node.Layer.(layer.Conv)
	return ok && l.Kernel[0] > 1
}

func is[L nn.Layer](node *nn.Node) bool {
	_, ok := node.Layer.(L)
	return ok
}

func isAct(funcs ...*activation.Func) func(*nn.Network, *nn.Node) bool {
	return func(_ *nn.Network, node *nn.Node) bool {
		a, ok := node.Layer.(activation.Layer)
		return ok && (len(funcs) == 0 || slices.Contains(funcs, a.Func))
	}
}

// data changes a parameter of a copy of the network.
func data(param string, change func(node *nn.Node, v []float32, rng *rand.Rand)) func(*testing.T, *nn.Network, *nn.Node, *rand.Rand) *nn.Network {
	return func(_ *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network {
		m := net.Clone()
		p := m.Param(node.Name + "." + param)
		if p == nil {
			return nil
		}
		change(m.Node(node.Name), p.Data, rng)
		return m
	}
}

// settings changes the layer.
func settings(change func(l nn.Layer, rng *rand.Rand) nn.Layer) func(*testing.T, *nn.Network, *nn.Node, *rand.Rand) *nn.Network {
	return func(t *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network {
		return edited(t, net, func(n *nn.Node) nn.Layer {
			if n == node {
				return change(n.Layer, rng)
			}
			return n.Layer
		})
	}
}

func permuteRows(v []float32, rows int, rng *rand.Rand) {
	old, size := slices.Clone(v), len(v)/rows
	for i, o := range rng.Perm(rows) {
		copy(v[i*size:(i+1)*size], old[o*size:])
	}
}

func reverseRows(v []float32, rows int) {
	old, size := slices.Clone(v), len(v)/rows
	for i := range rows {
		copy(v[i*size:(i+1)*size], old[(rows-1-i)*size:])
	}
}

// bugs are all of them.
var bugs = slices.Concat(weightBugs, settingBugs)
