package onnxio

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// fill gives the parameters of a network the file's values. Where they are none that a
// network could go on from, the nodes that they belong to are refused; what gonn wrote
// itself comes back whatever it is.
func (im *importer) fill(net *nn.Network) error {
	for _, p := range net.Params() {
		read := im.params[p.FullName()]
		if read == nil {
			return fmt.Errorf("parameter %s of shape %v is not in the file", p.FullName(), p.Shape)
		}
		if !im.asWritten {
			read = read.checked(func(v []float32) error { return finiteNumbers("its "+p.Name, v) })
		}
		var unusable unusableError
		if err := read(p.Data); errors.As(err, &unusable) {
			im.refuse(im.gives[p.Layer], unusable.error)
		} else if err != nil {
			return fmt.Errorf("parameter %s of shape %v: %w", p.FullName(), p.Shape, err)
		}
	}
	return im.refusals.err(im.file)
}
