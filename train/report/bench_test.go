package report

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/bench"
)

func TestShortNumbers(t *testing.T) {
	for n, want := range map[int64]string{
		0: "", 1: "1", 999: "999", 1000: "1 k", 25920: "25.9 k", 734048: "734 k", 999499: "999 k", 999500: "1 M",
		9437184: "9.44 M", 39160320: "39.2 M", 4089000000: "4.09 G", 5e12: "5 T",
	} {
		if got := short(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// The table of layers fits 80 columns with shapes and MACs, and says what it leaves out.
func TestBenchLayersText(t *testing.T) {
	l := &bench.Layers{Act: "relu", Pass: bench.Training, Workers: 2, Batch: 128, StepUS: 12345.6, Rows: []bench.LayerRow{
		{Layer: "block1.conv1", Kind: "Conv", Shape: nn.Shape{16, 32, 32}, MACs: 2359296, ForwardUS: 22754.4, BackwardUS: 60633.4, ShareOfTime: 0.75, GFLOPS: 154.1, ShareOfPeak: 0.912},
		{Layer: "flatten", Kind: "Flatten", Shape: nn.Shape{64}},
		{Layer: "bn1", Kind: "BatchNorm", Shape: nn.Shape{16, 32, 32}, With: "block1.conv1"},
		{Layer: "act", Kind: "relu", Shape: nn.Shape{64}, ForwardUS: 6.25, ShareOfTime: 0.25},
	}}
	const want = `
layers of the network with relu in training, 2 workers, µs a batch of 128
layer         output shape    MACs  forward  backward   time  GFLOP/s  of peak
block1.conv1  (16, 32, 32)  2.36 M    22754     60633   75 %    154.1   91.2 %
flatten       (64)
bn1           (16, 32, 32)            fused
act           (64)                      6.2             25 %
total                       2.36 M    22761     60633  100 %
The whole step, with data, loss and Adam, takes 12346 µs without the clocks.
fused: computed with another layer, in whose row the time is (with, in --json).
`
	var b strings.Builder
	BenchLayers(&Page{Writer: &b, Width: 80}, l)
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	l.Act, l.Pass = "", bench.Inference
	b.Reset()
	BenchLayers(&Page{Writer: &b, Width: 80}, l)
	for _, want := range []string{"\nlayers in inference, 2 workers", "kind", "The whole batch takes"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "backward") {
		t.Errorf("a backward pass in\n%s", b.String())
	}
}
