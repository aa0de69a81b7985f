package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// Unit is what is processed at once: a block of samples, or a single sample.
type Unit struct {
	Index          int // among the units of the run
	First, Samples int // index of the first sample in the run, and number of samples

	graph         *Graph
	values, grads []op.Block       // of a block
	rows          *rowInput        // of a block whose first layers run sample by sample
	planar        *planarWorkspace // of a single sample
}

// Value is the memory of a value, which is valid in the callbacks of Job for this value.
func (u *Unit) Value(v Value) Samples {
	if u.planar != nil {
		return u.planar.value(v)
	}
	s := Samples{block: u.values[u.graph.index(v)]}
	if v < 0 {
		s.rows = u.rows
	}
	return s
}

// Gradient is the memory of a value's gradient, without Data if it is not computed.
func (u *Unit) Gradient(v Value) op.Block { return u.grads[u.graph.index(v)] }

// Samples is the memory of one value for the samples of a unit.
type Samples struct {
	block  op.Block
	rows   *rowInput // nil except for an input that may be given as rows
	planes *op.Planes
	memory []float32
}

// Block is the value of a block of samples; without Data for a single sample.
func (s Samples) Block() op.Block { return s.block }

// Write writes samples that are contiguous in rows, each row-major, C, H, W. The rows must stay as
// they are until Job.AfterForward, because they need not be copied.
func (s Samples) Write(rows []float32) {
	switch {
	case s.planes != nil:
		s.planes.Write(s.memory, rows)
	case s.rows != nil:
		s.rows.given = rows
	default:
		s.block.SetSamples(rows)
	}
}

// Read reads samples into rows.
func (s Samples) Read(rows []float32) {
	if s.planes != nil {
		s.planes.Read(s.memory, rows)
		return
	}
	s.block.Samples(rows)
}
