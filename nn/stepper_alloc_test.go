//go:build !race

package nn_test

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// A step makes next to no garbage: the collector would take its time from a worker.
// (Not under the race detector, where pools drop what they hold on purpose.)
func TestStepAllocatesNextToNothing(t *testing.T) {
	const limit = 2.0
	// The collector empties the kernels' pools, which the next steps fill again: they would be
	// counted, though no step makes them.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	most := 0.0
	nets := map[string]*nn.Network{}
	for _, act := range []string{"leaky:-0.5", "prelu:channel", "prelu:element", "swish", "swish-beta:one", "mish", "tanh"} {
		net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must(act))
		if err != nil {
			t.Fatal(err)
		}
		nets[act] = net
	}
	var err error
	nets["batch normalisation and dropout"], err = nn.Sequential(nn.Shape{1, 8, 8}, layer.Conv{Out: 3, Kernel: [2]int{3, 3}},
		layer.BatchNorm{}, layer.Flatten{}, layer.Dropout{Rate: 0.5}, layer.Dense{Out: 10})
	if err != nil {
		t.Fatal(err)
	}
	for name, net := range nets {
		randomize(net, 1)
		data := randomSamples(t, 40, 10, net.InputShape())
		for workers := 1; workers <= 2; workers++ {
			s := nn.NewStepper(net, loss.CrossEntropy{}, workers)
			idx := upTo(40)
			runtime.GC() // ends one that has begun before
			for range 3 {
				step(t, s, data, idx)
			}
			n := testing.AllocsPerRun(20, func() { step(t, s, data, idx) })
			if n > limit {
				t.Errorf("%s, %d workers: %.0f allocations a step, want at most %.0f", name, workers, n, limit)
			}
			most = max(most, n)
		}
	}
	t.Logf("promise T10: at most %.0f allocations a step after warming up, allowed %.0f", most, limit)
}

// A batch in inference makes its result, and little else; so does a step of which nothing is
// observed, be it never or no more.
func TestForwardAllocatesNextToNothing(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the collector empties pools
	const few = 30.0                                 // there are 73 layers
	net := resnet20(t)
	x := randomTensor(1, 128, 3, 16, 16)
	forward(t, net, x)
	if n := testing.AllocsPerRun(5, func() { forward(t, net, x) }); n > few {
		t.Errorf("%.0f allocations for 128 samples, want at most %.0f", n, few)
	}
	data := randomSamples(t, 40, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	if err := s.Observe([]string{"dense"}, []string{nn.InputName}); err != nil {
		t.Fatal(err)
	}
	if err := s.Observe(nil, nil); err != nil {
		t.Fatal(err)
	}
	idx := upTo(40)
	step(t, s, data, idx)
	if n := testing.AllocsPerRun(5, func() { step(t, s, data, idx) }); n > few {
		t.Errorf("%.0f allocations a step, want at most %.0f", n, few)
	}
}

// Observing makes the tensors that it gives, and adds nothing for each block.
func TestObservingAllocatesItsTensors(t *testing.T) {
	net := resnet20(t)
	data := randomSamples(t, 64, 10, net.InputShape())
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	all := layerNames(net)
	if err := s.Observe(all, all); err != nil {
		t.Fatal(err)
	}
	idx := upTo(64)
	step(t, s, data, idx)
	most := float64(5 * 2 * len(all)) // four a tensor, and what the runtime takes
	if n := testing.AllocsPerRun(5, func() { step(t, s, data, idx) }); n > most {
		t.Errorf("%.0f allocations a step that records %d tensors, want at most %.0f", n, 2*len(all), most)
	}
}
