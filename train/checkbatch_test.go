package train

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// A batch that a layer cannot train on is found before the first step, though it is the last of an
// epoch.
func TestASingleSampleLeftOverForABatchNorm(t *testing.T) {
	for batch, refused := range map[int]bool{33: true, 1: true, 32: false, 100: false} { // of 100
		net, err := nn.Sequential(nn.Shape{1, 8, 8}, layer.Flatten{}, layer.BatchNorm{}, layer.Dense{Out: toy.Classes})
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.PyTorchInit, 1)
		cfg := config(net)
		if cfg.Optimizer, err = optim.New(optim.Config{Name: "sgd"}, net.Params()); err != nil {
			t.Fatal(err)
		}
		cfg.Batch, cfg.Epochs, cfg.Validation = batch, 1, nil
		_, err = Fit(net, samples, cfg)
		switch {
		case !refused && err != nil:
			t.Errorf("batches of %d: %v", batch, err)
		case refused && (err == nil || !strings.Contains(err.Error(), "batch of 1: one value in a channel") || strings.Contains(err.Error(), "step")):
			t.Errorf("batches of %d: error %v, want one from before the first step", batch, err)
		}
	}
}
