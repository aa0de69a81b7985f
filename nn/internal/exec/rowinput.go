package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// rowInput is the input of a headOp: samples one after the other, each row-major, C, H, W. Samples
// that lie so in the caller's memory are read there. Those that are loaded as a block are
// transposed.
type rowInput struct {
	block  op.Block
	given  []float32 // the caller's memory; nil if the block was loaded
	buffer []float32 // of a transposed block; nil until there is one
}

// samples are those of the unit that was loaded.
func (in *rowInput) samples() []float32 {
	if in.given != nil {
		return in.given
	}
	if in.buffer == nil {
		in.buffer = make([]float32, len(in.block.Data))
	}
	in.block.Rows(in.buffer)
	return in.buffer
}
