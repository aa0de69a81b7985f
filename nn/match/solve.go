package match

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/match/internal/assign"
)

const (
	// mostPasses bounds how often all orders are improved; networks settle after a few.
	mostPasses = 50
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
		ready := slices.DeleteFunc(slices.Clone(v.terms), func(t term) bool { return !t.ready(v) })
		if _, err := v.improve(ready); err != nil {
			return err
		}
	}
	stale := map[*variable]bool{}
	for _, v := range variables {
		stale[v] = true
	}
	for range mostPasses {
		for _, v := range variables {
			if !stale[v] {
				continue
			}
			stale[v] = false
			changed, err := v.improve(v.terms)
			if err != nil {
				return err
			}
			if changed {
				for other := range v.neighbours() {
					stale[other] = true
				}
			}
		}
		if !slices.ContainsFunc(variables, func(v *variable) bool { return stale[v] }) {
			break
		}
	}
	return nil
}

// improve assigns the channels of both networks to each other by some terms, and reports whether
// that is better than the order before.
func (v *variable) improve(terms []term) (bool, error) {
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
	return changed, nil
}

// keep leaves the channels in order until more is known.
func (v *variable) keep() {
	if v.resolved {
		return
	}
	v.resolved = true
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

// neighbours are the variables in terms of which this one occurs, and itself.
func (v *variable) neighbours() map[*variable]bool {
	all := map[*variable]bool{}
	for _, t := range v.terms {
		if t.values != nil {
			continue
		}
		for _, l := range []layout{t.in, t.to} {
			for _, s := range l {
				if other := s.free(); other != nil && other.resolved {
					all[other] = true
				}
			}
		}
	}
	delete(all, v)
	return all
}
