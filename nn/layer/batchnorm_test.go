package layer_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

// normalized is batch normalisation of a sample with given statistics of each channel.
func normalized(x, mean, variance, gamma, beta []float64, eps float64) []float64 {
	y := make([]float64, len(x))
	plane := len(x) / len(mean)
	for i, v := range x {
		c := i / plane
		y[i] = gamma[c]*(v-mean[c])/math.Sqrt(variance[c]+eps) + beta[c]
	}
	return y
}

// moments are mean and variance of each channel of a batch.
func moments(x [][]float64, channels int) (mean, variance []float64) {
	mean, variance = make([]float64, channels), make([]float64, channels)
	plane := len(x[0]) / channels
	n := float64(plane * len(x))
	for _, sample := range x {
		for i, v := range sample {
			mean[i/plane] += v / n
		}
	}
	for _, sample := range x {
		for i, v := range sample {
			d := v - mean[i/plane]
			variance[i/plane] += d * d / n
		}
	}
	return mean, variance
}

// Inference uses running statistics; a step of training uses those of the whole
// batch, whatever part of a block it fills and whoever computes it.
func TestBatchNorm(t *testing.T) {
	const eps = 0.01
	for _, in := range []nn.Shape{{3, 4, 5}, {7}, {1, 3, 1}} {
		nntest.Layer(t, nntest.Case{
			Layer: layer.BatchNorm{Eps: eps}, In: []nn.Shape{in},
			Formula: func(w, x [][]float64) []float64 {
				return normalized(x[0], w[2], w[3], w[0], w[1], float64(float32(eps)))
			},
			Training: func(w [][]float64, x [][][]float64) (y [][]float64) {
				var all [][]float64
				for _, sample := range x {
					all = append(all, sample[0])
				}
				mean, variance := moments(all, in[0])
				for _, sample := range all {
					y = append(y, normalized(sample, mean, variance, w[0], w[1], float64(float32(eps))))
				}
				return y
			},
		})
	}
}

func TestBatchNormRefuses(t *testing.T) {
	x := []nn.Shape{{3, 4, 5}}
	nntest.Refuses(t, layer.BatchNorm{Eps: -1}, x, "ε", "-1")
	nntest.Refuses(t, layer.BatchNorm{Eps: float32(math.NaN())}, x, "ε")
	nntest.Refuses(t, layer.BatchNorm{Momentum: 1.5}, x, "momentum", "1.5")
	nntest.Refuses(t, layer.BatchNorm{}, []nn.Shape{{3}, {3}}, "2 inputs")
}

// Running statistics follow those of each batch, in each framework's way.
func TestRunningStatisticsFollowTheBatches(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, batch := range []int{2, 5, 16, 17, 33} {
		for _, s := range []nn.Semantics{nn.PyTorch, nn.Keras} {
			t.Run(fmt.Sprintf("%d samples, %v", batch, s), func(t *testing.T) {
				checkRunning(t, rng, batch, layer.NewBatchNorm(s))
			})
		}
	}
}

func checkRunning(t *testing.T, rng *rand.Rand, batch int, l layer.BatchNorm) {
	shape := nn.Shape{2, 3, 4}
	net, err := nn.Sequential(shape, l, layer.Flatten{}, layer.Dense{Out: 3})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 7)
	s := nn.NewStepper(net, loss.CrossEntropy{}, 2)
	keep, n := float64(l.Momentum), float64(batch*12)
	mean, variance := []float64{0, 0}, []float64{1, 1}
	for range 3 {
		x := nn.NewTensor(append([]int{batch}, shape...)...)
		labels, all := make([]int, batch), make([][]float64, batch)
		for i := range batch {
			labels[i] = i % 3
			for j := range x.Sample(i) {
				x.Sample(i)[j] = float32(rng.NormFloat64() + 3)
				all[i] = append(all[i], float64(x.Sample(i)[j]))
			}
		}
		data, err := nn.NewTensorSamples(x, labels, 3)
		if err != nil {
			t.Fatal(err)
		}
		step(t, s, data, upTo(batch))
		m, v := moments(all, 2)
		for c := range mean {
			if l.Semantics == nn.PyTorch {
				v[c] *= n / (n - 1)
			}
			mean[c], variance[c] = keep*mean[c]+(1-keep)*m[c], keep*variance[c]+(1-keep)*v[c]
			gotMean, gotVariance := net.Param("bn.running_mean").Data[c], net.Param("bn.running_var").Data[c]
			if math.Abs(float64(gotMean)-mean[c]) > 1e-6*mean[c] || math.Abs(float64(gotVariance)-variance[c]) > 1e-6*variance[c] {
				t.Errorf("channel %d has mean %v and variance %v, want %v and %v", c, gotMean, gotVariance, mean[c], variance[c])
			}
		}
	}
}
