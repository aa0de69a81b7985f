//go:build !race

package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// A step makes next to no garbage: the collector would take its time from a worker.
// (Not under the race detector, where pools drop what they hold on purpose.)
func TestStepAllocatesNextToNothing(t *testing.T) {
	const limit = 2.0
	nets := map[string]*nn.Network{}
	for _, act := range []string{"leaky:-0.5", "prelu:channel", "prelu:element", "swish", "swish-beta:one", "mish", "tanh"} {
		net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, nn.MustActivation(act))
		if err != nil {
			t.Fatal(err)
		}
		nets[act] = net
	}
	var err error
	nets["batch normalisation and dropout"], err = nn.Sequential(nn.Shape{1, 8, 8}, nn.Conv{Out: 3, Kernel: [2]int{3, 3}},
		nn.BatchNorm{}, nn.Flatten{}, nn.Dropout{Rate: 0.5}, nn.Dense{Out: 10})
	if err != nil {
		t.Fatal(err)
	}
	for name, net := range nets {
		randomize(net, 1)
		data := randomSamples(t, 40, 10, net.InputShape())
		for workers := 1; workers <= 2; workers++ {
			s := nn.NewStepper(net, nn.CrossEntropy{}, workers)
			idx := upTo(40)
			step(t, s, data, idx)
			if n := testing.AllocsPerRun(20, func() { step(t, s, data, idx) }); n > limit {
				t.Errorf("%s, %d workers: %.0f allocations a step, want at most %.0f", name, workers, n, limit)
			}
		}
	}
}
