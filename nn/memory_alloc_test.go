//go:build !race

package nn_test

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// allocated is what a function allocates, in bytes. Nothing else may run at the time.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// What a step and a forward pass take is what Memory says, but for plans and small change.
func TestMemoryIsWhatIsTaken(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the collector empties the kernels' pools
	for _, c := range []struct {
		preset string
		shape  nn.Shape
	}{{"study", nn.Shape{1, 28, 28}}, {"lenet5", nn.Shape{1, 28, 28}}, {"resnet20", nn.Shape{3, 16, 16}}, {"mobilenet-small", nn.Shape{3, 16, 16}}} {
		for _, batch := range []int{16, 50} {
			for _, workers := range []int{1, 3} {
				net, err := preset.Build(c.preset, c.shape, 10, activation.Must("relu"))
				if err != nil {
					t.Fatal(err)
				}
				net.Init(nn.PyTorchInit, 1)
				data := randomSamples(t, batch, 10, c.shape)
				what := fmt.Sprintf("%s, %d samples, %d workers", c.preset, batch, workers)

				// Kernels keep what they work with for the next call.
				step(t, nn.NewStepper(net, loss.CrossEntropy{}, workers), data, upTo(batch))
				got := allocated(func() { step(t, nn.NewStepper(net, loss.CrossEntropy{}, workers), data, upTo(batch)) })
				m := net.Memory(nn.Training, batch, workers)
				nearly(t, what+", training", workers, got, m.Activations+m.Gradients)

				fresh := net.Clone()
				got = allocated(func() {
					if _, err := fresh.Predict(data, workers); err != nil {
						t.Fatal(err)
					}
				})
				nearly(t, what+", inference", workers, got, net.Memory(nn.Inference, batch, workers).Activations)
			}
		}
	}
}

// nearly allows for a tenth, and 400 KiB for the plan and for the kernels of each worker.
func nearly(t *testing.T, what string, workers, got, want int) {
	t.Helper()
	t.Logf("%s: %d bytes taken, %d estimated", what, got, want)
	if got < want || got > want+want/10+400<<10*(workers+1) {
		t.Errorf("%s: %d bytes taken, %d estimated", what, got, want)
	}
}
