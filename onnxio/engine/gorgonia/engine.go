package gorgonia

import (
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Engine runs networks in Gorgonia.
type Engine struct{}

// Name is "gorgonia".
func (Engine) Name() string { return "gorgonia" }

// Open recovers the network of the model and prepares a clean file of it. Layers that
// Gorgonia cannot compute are all named in the error.
func (Engine) Open(m *graph.Model) (engine.Session, error) {
	im, err := onnxio.Import(m)
	if err != nil {
		return nil, err
	}
	own, err := onnxio.Export(im.Network, onnxio.EncodeOptions{})
	if err != nil {
		return nil, err
	}
	s := &session{im: im, own: own, files: map[int]clean{}}
	if _, err := s.file(1); err != nil { // not for its bytes, but for what stands in the way
		return nil, err
	}
	return s, nil
}
