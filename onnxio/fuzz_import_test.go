package onnxio

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/fuzzrand"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// FuzzImport gives files that may say anything. What becomes a network computes what the
// evaluator makes of the file.
func FuzzImport(f *testing.F) {
	for i := range byte(40) {
		net, err := randomNetwork(fuzzrand.New([]byte{i, 5 * i, 11 * i, 23 * i, 47 * i, 97 * i, 193 * i, 131 * i, 7 * i}))
		if err != nil {
			continue
		}
		if b, err := Encode(net, EncodeOptions{Opset: WriteOpsets[int(i)%len(WriteOpsets)]}); err == nil && len(b) < 1500 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := graph.Read(b); err == nil {
			importHolds(t, m)
		}
	})
}

// FuzzImportChanged makes files as gonn writes them and changes some things in them. The
// first bytes of the input choose what, the others the network.
func FuzzImportChanged(f *testing.F) {
	choices(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if m := changedModel(b); m != nil {
			importHolds(t, m)
		}
	})
}

// changedModel is nil for an input that makes no model which can be read.
func changedModel(b []byte) *graph.Model {
	at := min(10, len(b))
	change, r := fuzzrand.New(b[:at]), fuzzrand.New(b[at:])
	o := EncodeOptions{Opset: pick(r, WriteOpsets...)}
	net, err := randomNetwork(r)
	if err != nil {
		return nil
	}
	m, err := Export(net, o)
	if err != nil {
		return nil
	}
	for range 1 + change.IntN(3) {
		changeModel(change, m)
	}
	if m, err = graph.Read(m.Bytes()); err != nil {
		return nil
	}
	return m
}

// What is read of changed files is what the evaluator computes; the others are refused.
func TestChangedFilesAreReadAsTheEvaluatorDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 8))
	files, networks := 0, 0
	for range 4000 {
		b := make([]byte, 60)
		for k := range b {
			b[k] = byte(r.IntN(256))
		}
		m := changedModel(b)
		if m == nil {
			continue
		}
		compared, err := disagreement(m)
		if err != nil {
			t.Error(err)
		}
		if files++; compared {
			networks++
		}
	}
	t.Logf("promise S6: of %d files changed at random %d become networks, which compute what the evaluator makes of the file; the others are refused or not compared", files, networks)
	if files < 2000 || networks < 500 {
		t.Errorf("%d files, %d networks; want 2000 and 500", files, networks)
	}
}

// importHolds fails a test if a model becomes a network that the evaluator contradicts.
func importHolds(t *testing.T, m *graph.Model) {
	t.Helper()
	if _, err := disagreement(m); err != nil {
		t.Fatal(err)
	}
}

// disagreement is an error if a model becomes a network that computes other things than the
// evaluator, as far as the numbers are such that rounding does not show, or that the evaluator
// does not take. compared says that both have computed it.
func disagreement(m *graph.Model) (compared bool, err error) {
	im, err := Import(m)
	if (im == nil) == (err == nil) {
		return false, fmt.Errorf("network %v and error %v, want one of them", im, err)
	}
	if err != nil || im.Network.InputShape().Size() > 1<<10 {
		return false, nil
	}
	x, err := fileInput(m, im)
	if err != nil {
		return false, nil // the batch that the file fixes is none that the network takes
	}
	y, err := throughNetwork(im, x)
	if err != nil {
		return false, fmt.Errorf("%s: %w", describe(im.Network), err)
	}
	want, scale, err := evaluated(m, im, x)
	switch {
	case err != nil && onlyImported(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("%s: the evaluator does not take it: %w", describe(im.Network), err)
	case !(scale < 100):
		return false, nil
	case !slices.Equal(y.Shape, want.Shape):
		return false, fmt.Errorf("%s: a result of shape %v, want %v", describe(im.Network), y.Shape, want.Shape)
	}
	for i, w := range want.Floats {
		if d := math.Abs(float64(y.Data[i]) - w); !(d <= 1e-3*scale) {
			return false, fmt.Errorf("%s: element %d is %v, want %v (of values up to %g)\nnotes %q", describe(im.Network), i, y.Data[i], w, scale, im.Notes)
		}
	}
	return true, nil
}

// evaluated is what the evaluator makes of an input, and the largest value on the way.
func evaluated(m *graph.Model, im *Imported, x *nn.Tensor) (want *reference.Tensor, scale float64, err error) {
	in, err := reference.FromFloat32s(x.Shape, x.Data).As(m.Graph.Feeds()[0].Type)
	if err != nil {
		return nil, 0, err
	}
	answering, _ := reference.Inference(m)
	e, err := reference.NewWithin(answering, fuzzLimits)
	if err != nil {
		return nil, 0, err
	}
	scale = 1
	out, err := e.Observe(map[string]*reference.Tensor{im.Input: in}, func(_ string, v *reference.Tensor) {
		for _, f := range v.Floats {
			scale = max(scale, math.Abs(f))
		}
	})
	if err != nil {
		return nil, 0, err
	}
	return out[im.Output], scale, nil
}

// onlyImported reports whether the evaluator does not run a model for its limits, or for an
// operator of the tests that only networks have.
func onlyImported(err error) bool {
	var limit *reference.LimitError
	return errors.As(err, &limit) || strings.Contains(err.Error(), `of domain "org.example"`)
}

var fuzzLimits = reference.Limits{Memory: 16 << 20, Operations: 1e7, Time: 5 * time.Second}

// fileInput is an input of the file's, with two samples where the file leaves that open.
func fileInput(m *graph.Model, im *Imported) (*nn.Tensor, error) {
	batch := 2
	if in := m.Graph.Feeds()[0]; !im.InputOrder.Batched() {
		batch = 1
	} else if in.HasShape && len(in.Shape) > 0 && in.Shape[0].Known() {
		batch = int(in.Shape[0].Size)
	}
	if batch < 1 || batch > 8 {
		return nil, fmt.Errorf("a batch of %d", batch)
	}
	x := nn.NewTensor(append([]int{batch}, im.Network.InputShape()...)...)
	copy(x.Data, pattern(len(x.Data)))
	return im.InputOrder.ToFile(x)
}
