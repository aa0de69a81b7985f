package data

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
)

// splitStream keeps the draw of a split apart from those of the epochs, which
// count from 0.
const splitStream = math.MaxUint64

// Split draws a share of a set for validation and leaves the rest for
// training, both in the order of the set. It depends on the set's groups, the
// fraction and the seed alone. The samples of a group (a digit and its
// inverse) stay together, or a network would be validated on pictures it has
// learned. It is an error if a part would be empty.
func Split(s nn.Samples, fraction float64, seed uint64) (train, val *Subset, err error) {
	if !(fraction > 0 && fraction < 1) {
		return nil, nil, fmt.Errorf("split: fraction %v for validation; need one between 0 and 1", fraction)
	}
	groups := groupsOf(s)
	n := int(math.Round(fraction * float64(len(groups))))
	if n == 0 || n == len(groups) {
		return nil, nil, fmt.Errorf("split: a fraction of %v puts %d of %d pictures into validation; both parts need at least one",
			fraction, n, len(groups))
	}
	var held, rest []int
	for k, g := range shuffled(rand.NewPCG(seed, splitStream), len(groups)) {
		if k < n {
			held = append(held, groups[g]...)
		} else {
			rest = append(rest, groups[g]...)
		}
	}
	return newSubset(s, rest), newSubset(s, held), nil
}
