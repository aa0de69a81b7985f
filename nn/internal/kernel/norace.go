//go:build !race

package kernel

func reads[T any](...[]T) {}
func writes(...[]float32) {}

func (*grid) writesPixels([]float32)             {}
func (*grid) writesWeights([]float32, []float32) {}

func readsPacked([]float32, int, int, int, Range, Range)  {}
func writesPacked([]float32, int, int, int, Range, Range) {}

func (*PackedConv) readsInput([]float32, Range)         {}
func (*PackedConv) readsBlocks([]float32, Range, Range) {}
