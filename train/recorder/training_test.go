package recorder_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/recorder"
	"github.com/gonn-toolkit/gonn/train/replay"
	"github.com/gonn-toolkit/gonn/train/run"
)

// network has what a replay must get right: a normalisation, a Dropout on a map and one on a
// vector, slopes.
func network(t *testing.T, s nn.Semantics) *nn.Network {
	t.Helper()
	norm := layer.NewBatchNorm(s)
	norm.Momentum = 0.8
	slopes := activation.Must("prelu:channel").WithSemantics(s)
	net, err := nn.Sequential(nn.Shape{2, 6, 5},
		layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, norm, slopes,
		layer.Dropout{Rate: 0.25}, layer.Flatten{}, layer.Dense{Out: 7}, activation.Must("relu"), layer.Dropout{Rate: 0.5}, layer.Dense{Out: 4})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 3)
	return net
}

func samples(t *testing.T) nn.Samples {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	x := nn.NewTensor(60, 2, 6, 5)
	labels := make([]int, 60)
	for i := range labels {
		labels[i] = rng.IntN(4)
		for k := range x.Sample(i) {
			x.Sample(i)[k] = float32(rng.NormFloat64()) + float32(labels[i])/4
		}
	}
	s, err := nn.NewTensorSamples(x, labels, 4)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// settings are those of the training that fit makes.
func settings(s nn.Semantics) run.Settings {
	return run.Settings{Kink: s.String(), Semantics: s.String(), Loss: "cross-entropy", Optimizer: "adamw", LR: 0.01, WeightDecay: 0.02, ClipNorm: 0.4, ClassWeights: "1,2,1,0.5"}
}

// weighted is the loss of the settings.
func weighted(t *testing.T, s nn.Semantics) nn.Loss {
	t.Helper()
	l, err := loss.WithClassWeights(loss.CrossEntropy{}, []float64{1, 2, 1, 0.5}, s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// fit trains with the recorder watching.
func fit(t *testing.T, s nn.Semantics, r *recorder.Training) (*nn.Network, error) {
	t.Helper()
	net := network(t, s)
	o, err := optim.NewFor(net, optim.Config{Name: "adamw", Semantics: s, LR: 0.01, WeightDecay: 0.02})
	if err != nil {
		t.Fatal(err)
	}
	_, err = train.Fit(net, samples(t), train.Config{Loss: weighted(t, s), Optimizer: o, Schedule: optim.Cosine{}, Epochs: 2, Batch: 17, Seed: 9,
		Clip: optim.Clip{Semantics: s, Norm: 0.4}, Callbacks: []train.Callback{r}})
	return net, err
}

// A recorded training in Go replays to the bit, masks of Dropout and all.
func TestARecordedTrainingReplays(t *testing.T) {
	for _, s := range []nn.Semantics{nn.PyTorch, nn.Keras} {
		dir := filepath.Join(t.TempDir(), "b")
		r := &recorder.Training{Dir: dir, Steps: 6, Settings: settings(s), Version: "test"}
		net, err := fit(t, s, r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := bundle.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		if r.Recorded() != 6 || b.Steps != 6 || len(b.Dropout) != 2 || len(b.BatchNorm) != 1 {
			t.Errorf("recorded %d steps: %+v", r.Recorded(), b.Description)
		}
		result, err := replay.Run(context.Background(), b, replay.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !result.Equal {
			t.Errorf("%v: %+v", s, result.First)
		}
		for _, kind := range []replay.Kind{replay.KindLoss, replay.KindGradient, replay.KindStatistic, replay.KindParameter} {
			if d := result.Worst[kind]; d.Error != 0 {
				t.Errorf("%v: %s is %g apart in step %d", s, kind, d.Error, d.Step)
			}
		}
		if free := result.Steps[5].Free; free.Parameter != 0 || free.Loss != 0 {
			t.Errorf("%v: free-running it comes %+v apart", s, free)
		}
		end, err := b.Before(6, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range net.Params() {
			for i, v := range end.Values[p.FullName()] {
				if v != p.Data[i] {
					t.Fatalf("%v: %s ends at %g, recorded %g", s, p.FullName(), p.Data[i], v)
				}
			}
		}
		other := nn.PyTorch + nn.Keras - s
		if result, err = replay.Run(context.Background(), b, replay.Options{Semantics: &other}); err != nil || result.Equal {
			t.Errorf("%v replayed as %v is equal, %v", s, other, err)
		}
	}
}

// Recording changes nothing of the training.
func TestRecordingDoesNotChangeTheTraining(t *testing.T) {
	recorded, err := fit(t, nn.Keras, &recorder.Training{Dir: filepath.Join(t.TempDir(), "b"), Steps: 8, Settings: settings(nn.Keras)})
	if err != nil {
		t.Fatal(err)
	}
	net := network(t, nn.Keras)
	o, err := optim.NewFor(net, optim.Config{Name: "adamw", Semantics: nn.Keras, LR: 0.01, WeightDecay: 0.02})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(net, samples(t), train.Config{Loss: weighted(t, nn.Keras), Optimizer: o, Schedule: optim.Cosine{}, Epochs: 2, Batch: 17, Seed: 9,
		Clip: optim.Clip{Semantics: nn.Keras, Norm: 0.4}}); err != nil {
		t.Fatal(err)
	}
	for i, p := range net.Params() {
		for k, v := range p.Data {
			if w := recorded.Params()[i].Data[k]; v != w {
				t.Fatalf("%s is %g, and %g when it is recorded", p.FullName(), v, w)
			}
		}
	}
}

func TestRecordingRefuses(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "a"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	mixed := settings(nn.Keras)
	mixed.Kink = "pytorch"
	for word, r := range map[string]*recorder.Training{
		"need at least one":    {Dir: t.TempDir(), Settings: settings(nn.Keras)},
		"no framework does":    {Dir: t.TempDir(), Steps: 1, Settings: mixed},
		"the folder is not em": {Dir: full, Steps: 1, Settings: settings(nn.Keras)},
	} {
		if _, err := fit(t, nn.Keras, r); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error %v, want %q", err, word)
		}
	}
}
