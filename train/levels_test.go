//go:build !race

package train

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// The environment chooses the kernels of a process, so the test binary runs itself: TestMain
// makes a child train.
const levelEnv = "GONN_TRAIN_TEST_LEVEL"

func TestMain(m *testing.M) {
	if os.Getenv(levelEnv) == "" {
		os.Exit(m.Run())
	}
	losses, err := levelLosses()
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(losses)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Activations whose derivative is continuous, and those with a kink, at which rounding decides
// between two derivatives.
var (
	smooth = []string{"linear", "elu", "celu", "swish", "swish-beta", "mish", "gelu", "gelu-tanh", "sigmoid", "logsigmoid", "softplus", "tanh", "softsign"}
	kinked = []string{"relu", "leaky:-1", "prelu", "selu", "hardswish", "hardsigmoid", "relu6", "thresholded-relu"}
)

// levelSteps is the length of a training, and levelSeeds are those of each activation.
const (
	levelSteps = 100
	levelBatch = 16
	levelSeeds = 2
)

// levelLosses trains networks and gives the mean training loss of each.
func levelLosses() (map[string]float64, error) {
	losses := map[string]float64{}
	for _, name := range slices.Concat(smooth, kinked) {
		for seed := range uint64(levelSeeds) {
			act, err := activation.Parse(name)
			if err != nil {
				return nil, err
			}
			net, err := nn.Sequential(nn.Shape{1, 8, 8}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, act,
				layer.Conv{Out: 8, Kernel: [2]int{3, 3}}, act, layer.Flatten{}, layer.Dense{Out: toy.Classes})
			if err != nil {
				return nil, err
			}
			net.Init(nn.KerasInit, seed)
			opt, err := optim.New(optim.Config{Name: "adam"}, net.Params())
			if err != nil {
				return nil, err
			}
			h, err := Fit(net, toy.Samples(levelSteps*levelBatch, seed), Config{
				Loss: loss.CrossEntropy{}, Optimizer: opt, Epochs: 1, Batch: levelBatch, Seed: seed, Workers: 1})
			if err != nil {
				return nil, err
			}
			losses[fmt.Sprint(name, " seed ", seed)] = h.Epochs[0].Loss()
		}
	}
	return losses, nil
}

// lossesOn are levelLosses of a child process with the named kernels.
func lossesOn(t *testing.T, kernels string) (losses map[string]float64) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), levelEnv+"=1", "GONN_KERNEL="+kernels, "GONN_REQUIRE="+kernels)
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if err == nil {
		err = json.Unmarshal(out, &losses)
	}
	if err != nil {
		t.Fatalf("%s: %v, %s", kernels, err, &stderr)
	}
	return losses
}

// On each kind of kernels that the processor has, a network with smooth activations has the same
// training loss within 1e-4 after 100 steps. With kinks nothing is promised: what is measured is
// logged.
func TestTrainingIsCloseAcrossKernels(t *testing.T) {
	const allowed = 1e-4
	backends := nn.Backends()
	want := lossesOn(t, backends[0])
	worst := map[bool]float64{} // by whether the activation has a kink
	for _, backend := range backends[1:] {
		got := lossesOn(t, backend)
		if len(got) != len(want) || len(want) != levelSeeds*(len(smooth)+len(kinked)) {
			t.Fatalf("%s: %d trainings, on %s %d", backend, len(got), backends[0], len(want))
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			act, _, _ := strings.Cut(name, " ")
			d, kink := math.Abs(got[name]-want[name]), slices.Contains(kinked, act)
			worst[kink] = max(worst[kink], d)
			if !kink && !(d <= allowed) {
				t.Errorf("%s: the mean loss is %v on %s and %v on %s", name, want[name], backends[0], got[name], backend)
			}
		}
	}
	if len(backends) > 1 && worst[false] == 0 {
		t.Error("all kernels round alike: were they exchanged?")
	}
	t.Logf("promise T2: kernels %s: mean training loss after %d steps at most %.1e apart with smooth activations, allowed %.0e; %.1e with kinks, nothing promised",
		strings.Join(backends, ", "), levelSteps, worst[false], allowed, worst[true])
}

// Each activation is known to be smooth or to have a kink.
func TestEveryActivationIsTrainedAcrossKernels(t *testing.T) {
	for _, name := range activation.Names() {
		if !slices.ContainsFunc(slices.Concat(smooth, kinked), func(s string) bool { act, _, _ := strings.Cut(s, ":"); return act == name }) {
			t.Errorf("%s is in neither list", name)
		}
	}
}
