package nn_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Constants that change nothing keep what an output means, others do not; that follows the
// values that they have when it is asked.
func TestRescalingByOneKeepsTheMeaning(t *testing.T) {
	for _, c := range []struct {
		end  nn.Layer
		want nn.Output
	}{
		{layer.Softmax{}, nn.OutputProbabilities}, {activation.Must("sigmoid"), nn.OutputSigmoids},
		{layer.LogSoftmax{}, nn.OutputLogProbabilities}, {activation.Must("logsigmoid"), nn.OutputLogSigmoids},
	} {
		for _, tail := range [][]nn.Layer{{layer.Rescaling{}}, {layer.Rescaling{NoOffset: true}}, {layer.Rescaling{NoScale: true}}, {layer.Rescaling{}, layer.Flatten{}, layer.Rescaling{}}} {
			net := ended(t, 4, append([]nn.Layer{c.end}, tail...)...)
			var constant *nn.Param
			for _, p := range net.Params() {
				if p.Role == nn.Constant {
					constant = p
					for i := range p.Data {
						p.Data[i] = 1
						if p.Name == "offset" {
							p.Data[i] = 0
						}
					}
				}
			}
			if o := net.Output(); o != c.want {
				t.Errorf("%s, then %v: %v, want %v", c.end.Kind(), tail, o, c.want)
			}
			constant.Data[0] += 0.5
			if o := net.Output(); o != nn.OutputLogits {
				t.Errorf("%s, then %v with another constant: %v", c.end.Kind(), tail, o)
			}
		}
	}
}

// Means of probabilities are probabilities, and those of the distributions of all pixels are
// one.
func TestOutputOfPooledProbabilities(t *testing.T) {
	for _, c := range []struct {
		end, pool nn.Layer
		want      nn.Output
	}{
		{layer.Softmax{}, layer.GlobalAveragePool{}, nn.OutputProbabilities},
		{layer.Softmax{}, layer.AveragePool{Kernel: [2]int{6, 6}}, nn.OutputProbabilities},
		{layer.Softmax{}, layer.AveragePool{Kernel: [2]int{2, 2}}, nn.OutputSigmoids},
		{layer.Softmax{}, layer.MaxPool{Kernel: [2]int{6, 6}}, nn.OutputSigmoids},
		{activation.Must("sigmoid"), layer.GlobalAveragePool{}, nn.OutputSigmoids},
		{activation.Must("sigmoid"), layer.MaxPool{Kernel: [2]int{6, 6}}, nn.OutputSigmoids},
		{layer.LogSoftmax{}, layer.GlobalAveragePool{}, nn.OutputLogits},
		{activation.Must("tanh"), layer.GlobalAveragePool{}, nn.OutputLogits},
	} {
		net := build(t, nn.Shape{2, 6, 6}, layer.Conv{Out: 3, Kernel: [2]int{1, 1}}, c.end, layer.Dropout{Rate: 0.5}, c.pool, layer.Flatten{})
		randomize(net, 3)
		if o := net.Output(); o != c.want {
			t.Errorf("%s, then %s: %v, want %v", c.end.Kind(), c.pool.Kind(), o, c.want)
		}
		if c.want == nn.OutputLogits {
			continue
		}
		want := nn.LossFor(net).Name()
		if c.want == nn.OutputProbabilities && want != "cross-entropy" || c.want == nn.OutputSigmoids && want != "bce" {
			t.Errorf("%s, then %s: loss %s", c.end.Kind(), c.pool.Kind(), want)
		}
		if same, err := net.ForTraining(loss.BCE{}); err != nil || same != net {
			t.Errorf("%s, then %s: for bce %v", c.end.Kind(), c.pool.Kind(), err)
		}
		if _, err := net.For(loss.CrossEntropy{}); (err == nil) != (c.want == nn.OutputProbabilities) {
			t.Errorf("%s, then %s: for cross-entropy %v", c.end.Kind(), c.pool.Kind(), err)
		}
		if _, err := net.ForTraining(loss.CrossEntropy{}); err == nil || !strings.Contains(err.Error(), "choose bce, mse or huber") {
			t.Errorf("%s, then %s: for training by cross-entropy %v", c.end.Kind(), c.pool.Kind(), err)
		}
	}
}

// counting is a layer that does nothing and counts how often it is run.
type counting struct{ runs *atomic.Int64 }

func (counting) Kind() string { return "Counting" }
func (counting) Stem() string { return "counting" }
func (c counting) Bind(in []nn.Shape) (op.Op, error) {
	return countingOp{clippedOp{clipped{-1e9, 1e9}, in[0]}, c.runs}, nil
}

type countingOp struct {
	clippedOp
	runs *atomic.Int64
}

func (o countingOp) Forward(c *op.Call) {
	o.runs.Add(1)
	o.clippedOp.Forward(c)
}

// A layer is tried once, in inference and in training, however often the output is asked for, and no more of them than is
// quick.
func TestOutputTriesLayersOnce(t *testing.T) {
	var runs atomic.Int64
	net := build(t, nn.Shape{4}, layer.Softmax{}, counting{&runs}, counting{&runs})
	for range 10 {
		if o := net.Output(); o != nn.OutputProbabilities {
			t.Fatal(o)
		}
	}
	if n := runs.Load(); n != 4 {
		t.Errorf("2 layers have run %d times", n)
	}
	runs.Store(0)
	layers := []nn.Layer{layer.Softmax{}}
	for range 60 {
		layers = append(layers, counting{&runs})
	}
	if o := build(t, nn.Shape{1 << 18}, layers...).Output(); o != nn.OutputLogits {
		t.Error(o)
	}
	if n := runs.Load(); n > 16 {
		t.Errorf("large layers have run %d times", n)
	}
}
