package nonfinite

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Param is a parameter of which some numbers are NaN or infinite.
type Param struct {
	*nn.Param
	Count int // of these numbers
	First int // index of the first of them, in row-major order
}

// Params lists the parameters of a network that are not finite, in its order.
func Params(net *nn.Network) []Param {
	var list []Param
	for _, p := range net.Params() {
		if n, first := Count(p.Data); n > 0 {
			list = append(list, Param{p, n, first})
		}
	}
	return list
}

// String says which numbers they are: "2 of the 72 numbers of conv1.weight are not finite, the
// first at 5: NaN".
func (p Param) String() string {
	are := "are"
	if p.Count == 1 {
		are = "is"
	}
	return fmt.Sprintf("%d of the %d numbers of %s %s not finite, the first at %d: %v", p.Count, len(p.Data), p.FullName(), are, p.First, p.Data[p.First])
}
