package match

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/match/internal/assign"
)

const (
	// mostPasses bounds how often all orders are improved; networks settle after a few.
	mostPasses = 30
	// leastGain is by how much the sum of cosines must grow to change an order, which is more
	// than rounding makes of equal channels.
	leastGain = 1e-7
)

// solve finds the orders of channels. First each is found from the layers whose other orders are
// known already, in the order of the network; then each is improved in turn, with the others as
// they are, until none changes. For networks of residual blocks the sums over all layers that
// share an order decide (Ainsworth, Hayase and Srinivasa 2022, "Git Re-Basin").
func solve(variables []*variable) error {
	for _, v := range variables {
		ready := slices.DeleteFunc(slices.Clone(v.terms), func(t *term) bool { return !t.ready() })
		if _, err := v.improve(ready); err != nil {
			return err
		}
	}
	settled := map[*variable]int{} // by the version of the terms
	for range mostPasses {
		changed := false
		for _, v := range variables {
			version := v.dependsOn()
			if at, ok := settled[v]; ok && at == version {
				continue
			}
			better, err := v.improve(v.terms)
			if err != nil {
				return err
			}
			changed, settled[v] = changed || better, version
		}
		if !changed {
			break
		}
	}
	return nil
}

// dependsOn changes whenever an order does that the terms of a variable depend on.
func (v *variable) dependsOn() (sum int) {
	for _, t := range v.terms {
		sum += t.version()
	}
	return sum
}

// improve assigns the channels of both networks to each other by some terms, and reports whether
// that is better than the order before.
func (v *variable) improve(terms []*term) (bool, error) {
	if len(terms) == 0 {
		v.keep()
		return false, nil
	}
	gain := gainOf(v.n, terms)
	best, err := v.assign(gain)
	if err != nil {
		return false, err
	}
	if v.resolved && v.sum(gain, best)-v.sum(gain, v.perm) <= leastGain {
		return false, nil
	}
	changed := !slices.Equal(v.perm, best)
	v.perm, v.resolved = best, true
	v.version++
	return changed, nil
}

// keep leaves the channels in order until more is known.
func (v *variable) keep() {
	if v.resolved {
		return
	}
	v.resolved = true
	v.version++
	for i := range v.n {
		v.perm = append(v.perm, i)
	}
}

func (v *variable) sum(gain []float64, perm []int) (sum float64) {
	for i, j := range perm {
		sum += gain[i*v.n+j]
	}
	return sum
}

// assign is the best order by a matrix of gains, of those that are allowed.
func (v *variable) assign(gain []float64) ([]int, error) {
	if v.within == 0 || v.within == v.n {
		return assign.Max(v.n, gain)
	}
	perm := make([]int, 0, v.n)
	part := make([]float64, v.within*v.within)
	for first := 0; first < v.n; first += v.within {
		for i := range v.within {
			copy(part[i*v.within:(i+1)*v.within], gain[(first+i)*v.n+first:])
		}
		some, err := assign.Max(v.within, part)
		if err != nil {
			return nil, err
		}
		for _, j := range some {
			perm = append(perm, first+j)
		}
	}
	return perm, nil
}
