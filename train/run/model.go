package run

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// export is the network that model.onnx holds: with the parameters of the best epoch if
// the run restores them, else with the last ones. It is a copy in the first case.
func (s *Session) export() (net *nn.Network, bestEpoch int) {
	if !s.Settings.RestoreBest || s.best.Lowest.Epoch == 0 {
		return s.Network, 0
	}
	if s.bestNet == nil {
		s.bestNet = s.Network.Clone()
	}
	s.best.CopyTo(s.bestNet)
	return s.bestNet, s.best.Lowest.Epoch
}

func (s *Session) encodeModel() ([]byte, error) {
	net, bestEpoch := s.export()
	return onnxio.Encode(net, onnxio.EncodeOptions{Metadata: s.Settings.metadata(s.position, bestEpoch)})
}

// readModel gives the structure of a run's network. ONNX does not say what layers do in
// training, such as an activation's derivative at 0: that comes from the settings.
func (r *record) readModel(dir string, kink nn.Semantics) (*nn.Network, error) {
	path := filepath.Join(dir, modelFile)
	b, err := r.read(dir, modelFile)
	if err != nil {
		return nil, err
	}
	m, err := graph.Read(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; restore the file or start a new run", path, err)
	}
	im, err := onnxio.Import(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; restore the file or start a new run", path, err)
	}
	net, err := im.Network.Builder(func(n *nn.Node) nn.Layer {
		return op.WithSemantics(n.Layer, kink)
	}).Build()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return net, nil
}

// checkKink is an error if a layer of net would train otherwise than readModel makes it.
func checkKink(net *nn.Network, kink nn.Semantics) error {
	for _, n := range net.Nodes() {
		if s, differs := op.SemanticsOf(n.Layer); differs && s != kink {
			return fmt.Errorf("layer %q (%s) was built to train as in %v, the settings say %v", n.Name, n.Layer.Kind(), s, kink)
		}
	}
	return nil
}

// checksum is the SHA-256 of a network's parameters, with their names.
func checksum(net *nn.Network) string {
	h := sha256.New()
	for _, p := range net.Params() {
		fmt.Fprintf(h, "%q %v\n", p.FullName(), p.Shape)
		binary.Write(h, binary.LittleEndian, p.Data) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil))
}
