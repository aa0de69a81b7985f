package match

import (
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// byChance is the similarity that each layer gets if the weights of the second network stand in a
// random order: what matching makes of numbers that mean nothing. Layers are in the order of the
// pairs; the result is the same every time.
func byChance(a, b *nn.Network) ([]float64, error) {
	n := &matching{a: a, b: b, r: &Result{}}
	n.prepare()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, p := range n.pairs {
		if x := n.filters[p.a]; x != nil {
			x.second.shuffle(rng)
		}
	}
	if err := solve(n.variables); err != nil {
		return nil, err
	}
	var all []float64
	for _, p := range n.pairs {
		if x := n.filters[p.a]; x != nil {
			all = append(all, x.after())
		}
	}
	return all, nil
}

// shuffle puts the weights into a random order, and the biases.
func (b *bank) shuffle(rng *rand.Rand) {
	for _, v := range []*[]float32{&b.w, &b.bias} {
		*v = slices.Clone(*v)
		rng.Shuffle(len(*v), func(i, j int) { (*v)[i], (*v)[j] = (*v)[j], (*v)[i] })
	}
	b.measure()
}
