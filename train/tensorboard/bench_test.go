package tensorboard

import (
	"io"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train"
)

// BenchmarkEpoch is the work for one epoch of the study, without that of the disk.
func BenchmarkEpoch(b *testing.B) {
	net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, activation.Must("prelu"))
	if err != nil {
		b.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	grads := nn.Grads{}
	for i, p := range net.Params() {
		for j := range p.Data {
			p.Data[j] += float32((i+7*j)%101) / 1000 // slopes that differ
		}
		grads[p] = p.Data
	}
	m := train.EpochMetrics{Epoch: 1}
	for _, name := range []string{"loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds", "samples_per_s"} {
		m.Values = append(m.Values, train.Value{Name: name, Value: 0.5})
	}
	w := NewWriter(io.Discard)
	b.Run("scalars", func(b *testing.B) {
		for b.Loop() {
			w.epoch(m)
			w.Flush()
		}
	})
	b.Run("histograms", func(b *testing.B) {
		for b.Loop() {
			w.gradients(net, grads, 1)
			if err := w.parameters(net, 1); err != nil {
				b.Fatal(err)
			}
			w.Flush()
		}
	})
}
