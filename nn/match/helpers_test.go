package match

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// random gives all parameters of a network values of their own, so that no two channels are
// alike.
func random(net *nn.Network, seed uint64) *nn.Network {
	net.Init(nn.KerasInit, seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, p := range net.Params() {
		for i := range p.Data {
			switch p.Role {
			case nn.Weight:
			case nn.Statistic, nn.Scale:
				p.Data[i] = 0.5 + rng.Float32()
			default:
				p.Data[i] = 0.3 * float32(rng.NormFloat64())
			}
		}
	}
	return net
}

// presetOf is a network of a preset with random parameters.
func presetOf(t testing.TB, name, act string, in nn.Shape, seed uint64) *nn.Network {
	t.Helper()
	net, err := preset.Build(name, in, 10, activation.Must(act))
	if err != nil {
		t.Fatal(err)
	}
	return random(net, seed)
}

// exchanged is a copy of a network with its channels in a random order, which computes the same.
// Perms are the orders by layer: channel i of net is channel perm[i] of the copy.
func exchanged(net *nn.Network, rng *rand.Rand) (copied *nn.Network, perms map[string][]int32) {
	s := structureOf(net)
	for _, v := range s.variables {
		if v = v.find(); v.fixed || v.perm != nil {
			continue
		}
		size := v.within
		if size == 0 {
			size = v.n
		}
		for first := 0; first < v.n; first += size {
			for _, i := range rng.Perm(size) {
				v.perm = append(v.perm, first+i)
			}
		}
	}
	copied, perms = net.Clone(), map[string][]int32{}
	for _, node := range net.Nodes() {
		if f := s.filters[node.Name]; f != nil {
			perms[node.Name] = f.to.order()
		}
		for i, q := range node.Params {
			for k, at := range s.order(node, i) {
				copied.Param(q.FullName()).Data[at] = q.Data[k]
			}
		}
	}
	return copied, perms
}

// input is a batch of random samples.
func input(net *nn.Network, samples int) *nn.Tensor {
	x := nn.NewTensor(append([]int{samples}, net.InputShape()...)...)
	rng := rand.New(rand.NewPCG(9, 9))
	for i := range x.Data {
		x.Data[i] = rng.Float32()
	}
	return x
}

// sameAnswers checks that two networks compute the same up to rounding.
func sameAnswers(t *testing.T, a, b *nn.Network) {
	t.Helper()
	x := input(a, 3)
	ya, err := a.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	yb, err := b.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	scale := 0.0
	for _, v := range ya.Data {
		scale = max(scale, finiteAbs(v))
	}
	for i, v := range ya.Data {
		if d := finiteAbs(v - yb.Data[i]); d > 1e-4*(scale+1e-6) {
			t.Fatalf("output %d is %g and %g, on a scale of %g", i, v, yb.Data[i], scale)
		}
	}
}

// openOrders lists the orders that a network leaves open, by the first layer that decides each:
// the number of channels, with that of those which may be exchanged with each other.
func openOrders(net *nn.Network) string {
	s := structureOf(net)
	seen := map[*variable]bool{}
	var list []string
	next := 0
	for _, node := range net.Nodes() {
		f := s.filters[node.Name]
		if f == nil || f.groups > 1 && f.groups == f.out || len(f.to) != 1 || f.to[0].block > 1 {
			continue // depthwise
		}
		v := s.variables[next].find()
		next++
		if seen[v] {
			continue
		}
		seen[v] = true
		switch {
		case v.fixed:
			list = append(list, node.Name+" fixed")
		case v.within > 0:
			list = append(list, fmt.Sprintf("%s %d/%d", node.Name, v.n, v.within))
		default:
			list = append(list, fmt.Sprintf("%s %d", node.Name, v.n))
		}
	}
	return strings.Join(list, ", ")
}
