package cause

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// without is the network without a layer; its readers read its first input.
func without(t *testing.T, net *nn.Network, drop *nn.Node) *nn.Network {
	t.Helper()
	b := nn.NewBuilder(net.InputShape())
	for _, node := range net.Nodes() {
		if node == drop {
			continue
		}
		in := slices.Clone(node.Inputs)
		for i, name := range in {
			if name == drop.Name {
				in[i] = drop.Inputs[0]
			}
		}
		b.Add(node.Name, node.Layer, in...)
	}
	return copied(t, b, net)
}

// before is the network with a layer "front" in front.
func before(t *testing.T, net *nn.Network, l nn.Layer) *nn.Network {
	t.Helper()
	b := nn.NewBuilder(net.InputShape()).Add("front", l)
	for _, node := range net.Nodes() {
		in := slices.Clone(node.Inputs)
		for i, name := range in {
			if name == nn.InputName {
				in[i] = "front"
			}
		}
		b.Add(node.Name, node.Layer, in...)
	}
	return copied(t, b, net)
}

// copied builds a network with the parameters of another one.
func copied(t *testing.T, b *nn.Builder, from *nn.Network) *nn.Network {
	t.Helper()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Params() {
		if q := from.Param(p.FullName()); q != nil {
			copy(p.Data, q.Data)
		} else if p.Start != nil {
			for i := range p.Data {
				p.Data[i] = *p.Start
			}
		}
	}
	return m
}
