package metric

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train"
)

func init() {
	Register(Kind{
		Name:  "dead",
		Usage: "dead/LAYER: share of an activation's units that were active for no sample",
		New:   newDead,
	})
}

// dead finds units that are never active: for each activation but linear the share of its units
// that were active for none of the epoch's samples, as training saw them. A unit is an element of
// the map, one of C×H×W.
//
// A unit is active for a sample if its input is above 0, or for ThresholdedReLU above the
// threshold. For ReLU that means an output above 0. A leaky or smooth activation passes gradients
// on all the same, and its value says how many units only ever used their left half.
type dead struct {
	Base
	layers []deadLayer
}

// deadLayer is an activation.
type deadLayer struct {
	name      string
	input     string // the layer or input that it reads
	threshold float32
	shape     nn.Shape
	highest   []float32 // of each unit's inputs so far
}

func newDead(net *nn.Network) Metric {
	m := &dead{}
	for _, n := range net.Nodes() {
		act, ok := n.Layer.(activation.Layer)
		if !ok || act.Func == activation.Linear {
			continue
		}
		l := deadLayer{name: n.Name, input: n.Inputs[0], shape: n.Shape, highest: make([]float32, n.Shape.Size())}
		l.forget()
		if act.Func == activation.ThresholdedReLU {
			l.threshold = act.Value
		}
		m.layers = append(m.layers, l)
	}
	return m
}

func (m *dead) Memory() (memory Memory) {
	for _, l := range m.layers {
		memory.Tensors = append(memory.Tensors, Tensor{l.name, l.shape, l.highest})
	}
	return memory
}

func (m *dead) Observes(*nn.Network) (outputs, gradients []string) {
	for _, l := range m.layers {
		outputs = append(outputs, l.input)
	}
	return outputs, nil
}

func (m *dead) EpochBegin(s *train.State) error {
	if s.Position.Step > 0 {
		return nil
	}
	for _, l := range m.layers {
		l.forget()
	}
	return nil
}

// nothing is the highest of no inputs.
var nothing = float32(math.Inf(-1))

func (l deadLayer) forget() {
	for i := range l.highest {
		l.highest[i] = nothing
	}
}

func (m *dead) Gradients(_ *train.State, step train.StepValues) error {
	for _, l := range m.layers {
		x := step.Outputs[l.input]
		for i := range step.Batch {
			for k, v := range x.Sample(i) {
				l.highest[k] = max(l.highest[k], v)
			}
		}
	}
	return nil
}

func (m *dead) Clipped(*train.State, nn.Grads) error { return nil }

func (m *dead) EpochEnd(s *train.State) error {
	for _, l := range m.layers {
		if l.highest[0] == nothing {
			continue // it has seen no step of the epoch
		}
		n := 0
		for _, v := range l.highest {
			if v <= l.threshold {
				n++
			}
		}
		s.Log("dead/"+l.name, float64(n)/float64(len(l.highest)))
	}
	return nil
}
