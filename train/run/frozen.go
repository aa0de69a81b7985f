package run

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// frozen are the full names of the frozen parameters, which ONNX does not say.
func frozen(net *nn.Network) (names []string) {
	for _, p := range net.Params() {
		if p.Frozen {
			names = append(names, p.FullName())
		}
	}
	return names
}

// freeze freezes the parameters of these names.
func freeze(net *nn.Network, names []string) error {
	for _, name := range names {
		p := net.Param(name)
		if p == nil {
			return fmt.Errorf("frozen has the parameter %q, which is not in %s", name, modelFile)
		}
		p.Frozen = true
	}
	return nil
}
