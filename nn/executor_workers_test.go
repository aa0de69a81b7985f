package nn_test

import (
	"maps"
	"runtime"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// More workers than blocks, or than processors: not a bit changes.
func TestAnyNumberOfWorkersGivesTheSameBits(t *testing.T) {
	k3, same := [2]int{3, 3}, [4]int{1, 1, 1, 1}
	conv := layer.Conv{Out: 16, Kernel: k3, Pads: same, NoBias: true}
	net, err := nn.NewBuilder(nn.Shape{3, 12, 12}).
		Add("conv1", conv).Add("bn1", layer.BatchNorm{}).Add("act1", activation.Must("prelu:channel")).
		Add("conv2", conv).Add("bn2", layer.BatchNorm{}).Add("add", layer.Add{}, "bn2", "act1").Add("act2", activation.Must("relu")).
		Add("pool", layer.MaxPool{Kernel: [2]int{2, 2}}).Add("flat", layer.Flatten{}).Add("drop", layer.Dropout{Rate: 0.5}).
		Add("dense", layer.Dense{Out: 10}).Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 5)
	inner := []string{"bn1", "act1", "add", "drop"}
	run := func(workers, n int) (bits []float32) {
		x := tensors{nn.InputName: randomTensor(uint64(n), n, 3, 12, 12)}
		dy := tensors{"dense": randomTensor(2, n, 10)}
		for _, mode := range []nn.Mode{nn.Inference, nn.Training} {
			own := net.Clone()
			e := executor(t, own, nn.ExecutorConfig{
				Mode: mode, Workers: workers, Outputs: inner, Seeds: []string{"dense"}, Gradients: append([]string{nn.InputName}, inner...),
			})
			for range 2 {
				r := execute(t, e, x, dy)
				for _, all := range []tensors{r.Outputs, r.Gradients} {
					for _, name := range slices.Sorted(maps.Keys(all)) {
						bits = append(bits, all[name].Data...)
					}
				}
				bits = slices.Concat(append([][]float32{bits, values(own)}, r.Params.Of(own.Params())...)...)
			}
		}
		data, err := nn.NewTensorSamples(x[nn.InputName], make([]int, n), 10)
		if err != nil {
			t.Fatal(err)
		}
		y, err := net.Predict(data, workers)
		if err != nil {
			t.Fatal(err)
		}
		return append(bits, y.Data...)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 50} {
		want := run(1, n)
		for procs, list := range map[int][]int{1: {3, 16}, 2: {2, 3, 5, 16, 40}} {
			runtime.GOMAXPROCS(procs)
			for _, workers := range list {
				if !slices.Equal(run(workers, n), want) {
					t.Errorf("%d processors, %d samples: %d workers give other bits than one", procs, n, workers)
				}
			}
		}
	}
}
