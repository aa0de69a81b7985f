package kernel

import (
	"os"
	"sync"
	"testing"
)

// TestRaceBait runs two kernels that write to the same memory, if GONN_RACE_BAIT is
// set. CI sets it with the race detector on and fails unless that reports a race:
// otherwise it would be blind to what the assembly does.
func TestRaceBait(t *testing.T) {
	d := NewDense(4, 4)
	x, w := make([]float32, 4*Lanes), make([]float32, 16)
	y := [2][]float32{make([]float32, 4*Lanes), make([]float32, 4*Lanes)}
	if os.Getenv("GONN_RACE_BAIT") != "" {
		y[1] = y[0]
	}
	var wg sync.WaitGroup
	for i := range y {
		wg.Go(func() { DenseForward(y[i], x, w, nil, d) })
	}
	wg.Wait()
}
