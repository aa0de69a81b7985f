package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// Unit is what goes through a network at once: a block of samples, or one sample alone.
type Unit struct {
	Index          int // among those of the run
	First, Samples int // of the run

	graph         *Graph
	values, grads []op.Block // of a block
	planes        *planarRun // of one sample
}

// Value is the memory of a value. It holds what it should from the moment that the executor
// shows it (inputs: to be written in Job.Load).
func (u *Unit) Value(v Value) Samples {
	if u.planes != nil {
		return u.planes.value(v)
	}
	return Samples{block: u.values[u.graph.index(v)]}
}

// Gradient is the memory of a value's gradient; without data if nobody wants it.
func (u *Unit) Gradient(v Value) op.Block { return u.grads[u.graph.index(v)] }

// Samples is the memory of one value for the samples of a unit.
type Samples struct {
	block  op.Block
	planes *op.Planes
	memory []float32
}

// Block is the value of a block of samples. There is none of a sample alone.
func (s Samples) Block() op.Block { return s.block }

// Write writes n samples that lie one after the other, each row-major, C, H, W.
func (s Samples) Write(rows []float32) {
	if s.planes != nil {
		s.planes.Write(s.memory, rows)
		return
	}
	s.block.SetSamples(rows)
}

// Read reads n samples into rows.
func (s Samples) Read(rows []float32) {
	if s.planes != nil {
		s.planes.Read(s.memory, rows)
		return
	}
	s.block.Samples(rows)
}
