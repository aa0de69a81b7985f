package cause

import (
	"math"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
)

const mostSwapped = 64 // channels

// orderChannels exchanges two channels, and then any.
func orderChannels(p *place) {
	channelSwaps(p)
	if len(p.found) == 0 {
		fitChannels(p)
	}
}

// fitChannels finds any order of channels: of the output where the reference's is known, else by
// exchanges of two that lessen the error.
func fitChannels(p *place) {
	in, out := p.channels()
	if p.direct() && out > 1 {
		p.matchOut(out)
	}
	if out > 1 && !p.direct() && p.affordable(out*out*out/2) {
		p.exchange(out, p.valueOut)
	}
	if in > 1 && p.affordable(in*in*in/2) {
		p.exchange(in, p.permutedIn)
	}
}

// matchOut matches each channel of the reference's value with the nearest one of the layer's,
// without their means.
func (p *place) matchOut(channels int) {
	got, want := p.st.values[p.name], p.st.want[p.name]
	if !nn.Shape(got.Shape).Equal(want.Shape) {
		return
	}
	order := nearest(profiles(got, channels), profiles(want, channels))
	a := arrangement{order, "put in order"}
	if order != nil {
		p.permutedOut(a)
	}
}

// profiles are the values of each channel over all samples, without their mean.
func profiles(t *nn.Tensor, channels int) [][]float64 {
	list := make([][]float64, channels)
	size := len(t.Data) / t.Shape[0] / channels
	for c := range list {
		sum := 0.0
		for i := range t.Shape[0] {
			for _, v := range t.Sample(i)[c*size : (c+1)*size] {
				list[c] = append(list[c], float64(v))
				sum += float64(v)
			}
		}
		for i := range list[c] {
			list[c][i] -= sum / float64(len(list[c]))
		}
	}
	return list
}

// nearest is the order that takes, for each wanted profile, the nearest one that is left; nil if
// values are not finite.
func nearest(got, want [][]float64) []int {
	order, taken := make([]int, len(want)), make([]bool, len(got))
	for i, w := range want {
		best, least := -1, math.Inf(1)
		for k, g := range got {
			if taken[k] {
				continue
			}
			d := 0.0
			for j := range g {
				d += (g[j] - w[j]) * (g[j] - w[j])
			}
			if d < least {
				best, least = k, d
			}
		}
		if best < 0 {
			return nil
		}
		order[i], taken[best] = best, true
	}
	return order
}

// exchange starts from the usual order and exchanges two channels at a time, those that lessen
// the squared error most, until nothing does. A few starts are random.
func (p *place) exchange(n int, with func(arrangement) value) {
	if n > mostSwapped {
		return
	}
	values, want := p.fitSamples(min(2*n, 40))
	if values == nil {
		return
	}
	cost := func(order []int) float64 {
		v := with(arrangement{order, "put in order"})
		p.tried[v.kind]++
		y, err := v.compute(values)
		if err != nil {
			return math.Inf(1)
		}
		if r := p.residual(y, values, want); r != nil {
			return squares(r)
		}
		return math.Inf(1)
	}
	starts := 1
	if n <= 16 {
		starts = 2
	}
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	for s := range starts {
		order := identity(n)
		if s > 0 {
			rng.Shuffle(n, func(i, k int) { order[i], order[k] = order[k], order[i] })
		}
		if p.descend(order, cost, with) {
			return
		}
	}
}

// descend changes an order until no exchange helps, and reports whether the network agrees.
func (p *place) descend(order []int, cost func([]int) float64, with func(arrangement) value) bool {
	least := cost(order)
	for {
		bi, bk, best := -1, -1, least
		for i := range order {
			for k := i + 1; k < len(order); k++ {
				if p.stopped() {
					return true
				}
				order[i], order[k] = order[k], order[i]
				if c := cost(order); c < best {
					bi, bk, best = i, k, c
				}
				order[i], order[k] = order[k], order[i]
			}
		}
		if bi < 0 {
			break
		}
		order[bi], order[bk] = order[bk], order[bi]
		least = best
		if least < 1e-9 {
			break
		}
	}
	found := len(p.found)
	p.try(with(arrangement{append([]int(nil), order...), "put in order"}))
	return len(p.found) > found
}
