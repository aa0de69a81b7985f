//go:build !race

package kernel

func reads[T any](...[]T) {}
func writes(...[]float32) {}

func (*grid) readsPixels([]float32)              {}
func (*grid) writesPixels([]float32)             {}
func (*grid) writesWeights([]float32, []float32) {}
