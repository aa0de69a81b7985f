package layer

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// joined is the output shape of an elementwise operation on several inputs, of which some may be
// broadcast from (C, 1, 1).
func joined(in []op.Shape) (op.Shape, error) {
	if len(in) < 2 {
		return nil, fmt.Errorf("got %d inputs, need at least 2", len(in))
	}
	shape := in[0]
	for _, s := range in[1:] {
		if s.Size() > shape.Size() {
			shape = s
		}
	}
	for _, s := range in {
		perChannel := len(s) == 3 && len(shape) == 3 && s[0] == shape[0] && s[1] == 1 && s[2] == 1
		if !s.Equal(shape) && !perChannel {
			return nil, fmt.Errorf("got inputs %v and %v, need one shape, or (C, 1, 1) for each of C channels", shape, s)
		}
	}
	return shape, nil
}
