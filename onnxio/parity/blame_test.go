package parity_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// failing is a session of a model that cannot run.
type failing struct{ engine.Session }

func (failing) Run(map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	return nil, errors.New("a node fails")
}

// What is wrong with the model is not said of the recording.
func TestTheModelIsBlamedForItsFaults(t *testing.T) {
	x := map[string]*nn.Tensor{"x": nn.NewTensor(1, 2)}
	r := &parity.Recorded{Source: "r.npz", Inputs: x, Expected: map[string]*nn.Tensor{"y": nn.NewTensor(1, 2)}}
	_, err := parity.Replay(failing{}, parity.Ends{Inputs: []string{"x"}, Outputs: []string{"y"}}, r, parity.Tolerance{})
	if err == nil || err.Error() != "the model fails on r.npz: a node fails" {
		t.Errorf("Replay: error %v", err)
	}
	two := &graph.Model{Graph: &graph.Graph{Outputs: []*graph.Value{{Name: "y"}, {Name: "z"}}}}
	if _, err := parity.Values(t.Context(), two, r, parity.Options{}); err == nil || !strings.HasPrefix(err.Error(), "the model has 2 outputs") {
		t.Errorf("Values: error %v", err)
	}
}
