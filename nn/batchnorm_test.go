package nn_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nntest"
)

// normalized is batch normalisation of samples with given statistics of each channel.
func normalized(x, mean, variance, gamma, beta []float64, eps float64) []float64 {
	y := make([]float64, len(x))
	plane := len(x) / len(mean)
	for i, v := range x {
		c := i / plane
		y[i] = gamma[c]*(v-mean[c])/math.Sqrt(variance[c]+eps) + beta[c]
	}
	return y
}

func TestBatchNormAnswersWithRunningStatistics(t *testing.T) {
	for _, in := range []nn.Shape{{3, 4, 5}, {7}, {1, 1, 1}} {
		nntest.Layer(t, nntest.Case{
			Layer: nn.BatchNorm{Eps: 0.01}, In: []nn.Shape{in},
			Formula: func(w, x [][]float64) []float64 {
				return normalized(x[0], w[2], w[3], w[0], w[1], float64(float32(0.01)))
			},
		})
	}
}

func TestBatchNormRefuses(t *testing.T) {
	x := []nn.Shape{{3, 4, 5}}
	nntest.Refuses(t, nn.BatchNorm{Eps: -1}, x, "ε", "-1")
	nntest.Refuses(t, nn.BatchNorm{Eps: float32(math.NaN())}, x, "ε")
	nntest.Refuses(t, nn.BatchNorm{Momentum: 1.5}, x, "momentum", "1.5")
	nntest.Refuses(t, nn.BatchNorm{}, []nn.Shape{{3}, {3}}, "2 inputs")
}

// batchNet is a 1×1 convolution, a normalisation, and a dense layer, whose loss over a
// batch is written out in float64 below.
type batchNet struct {
	shape             nn.Shape
	channels, classes int
	x                 [][]float64
	labels            []int
}

func (n *batchNet) network(t *testing.T, l nn.BatchNorm) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(n.shape, nn.Conv{Out: n.channels, Kernel: [2]int{1, 1}}, l, nn.Flatten{}, nn.Dense{Out: n.classes})
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// normalized gives mean and variance of each channel over the batch, and the logits.
func (n *batchNet) run(w map[string][]float64, eps float64) (mean, variance []float64, logits [][]float64) {
	plane := n.shape[1] * n.shape[2]
	mean, variance = make([]float64, n.channels), make([]float64, n.channels)
	count := float64(plane * len(n.x))
	maps := make([][]float64, len(n.x))
	for s, x := range n.x {
		maps[s] = make([]float64, n.channels*plane)
		for i := range maps[s] {
			c := i / plane
			v := w["conv.bias"][c]
			for k := range n.shape[0] {
				v += w["conv.weight"][c*n.shape[0]+k] * x[k*plane+i%plane]
			}
			maps[s][i] = v
			mean[c] += v / count
		}
	}
	for _, m := range maps {
		for i, v := range m {
			c := i / plane
			variance[c] += (v - mean[c]) * (v - mean[c]) / count
		}
	}
	for _, m := range maps {
		y := normalized(m, mean, variance, w["bn.weight"], w["bn.bias"], eps)
		z := make([]float64, n.classes)
		for k := range z {
			z[k] = w["dense.bias"][k]
			for i, v := range y {
				z[k] += w["dense.weight"][k*len(y)+i] * v
			}
		}
		logits = append(logits, z)
	}
	return mean, variance, logits
}

func (n *batchNet) loss(w map[string][]float64, eps float64) (sum float64) {
	_, _, logits := n.run(w, eps)
	for s, z := range logits {
		total := 0.0
		for _, v := range z {
			total += math.Exp(v)
		}
		sum += (math.Log(total) - z[n.labels[s]]) / float64(len(n.x))
	}
	return sum
}

// The loss, every gradient and the running statistics are those of the formula over the
// whole batch, whatever part of a block it fills and whoever computes it.
func TestBatchNormTrainsOnTheWholeBatch(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, batch := range []int{2, 5, 16, 17, 33} {
		for _, s := range []nn.Semantics{nn.PyTorch, nn.Keras} {
			n := &batchNet{shape: nn.Shape{2, 3, 4}, channels: 3, classes: 4}
			data := nn.NewTensor(batch, 2, 3, 4)
			for i := range data.Data {
				data.Data[i] = float32(rng.NormFloat64() + 3)
			}
			idx := make([]int, batch)
			for i := range batch {
				n.labels = append(n.labels, rng.IntN(n.classes))
				row := make([]float64, n.shape.Size())
				for j, v := range data.Sample(i) {
					row[j] = float64(v)
				}
				n.x, idx[i] = append(n.x, row), i
			}
			layer := nn.NewBatchNorm(s)
			net := n.network(t, layer)
			net.Init(nn.PyTorchInit, 7)
			w := map[string][]float64{}
			for _, p := range net.Params() {
				for i := range p.Data {
					if p.Layer == "bn" && p.Role.Trained() {
						p.Data[i] += float32(rng.NormFloat64() / 4)
					}
					w[p.FullName()] = append(w[p.FullName()], float64(p.Data[i]))
				}
			}
			samples, err := nn.NewTensorSamples(data, n.labels, n.classes)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(fmt.Sprintf("%d samples, %v", batch, s), func(t *testing.T) {
				n.check(t, net, samples, idx, w, layer)
			})
		}
	}
}

func (n *batchNet) check(t *testing.T, net *nn.Network, samples nn.Samples, idx []int, w map[string][]float64, l nn.BatchNorm) {
	eps, keep := float64(l.Eps), float64(l.Momentum)
	stepper := nn.NewStepper(net, nn.CrossEntropy{}, 2)
	stats, err := stepper.Step(samples, idx)
	if err != nil {
		t.Fatal(err)
	}
	if want := n.loss(w, eps); math.Abs(stats.Loss()-want) > 2e-6*want {
		t.Errorf("loss %v, want %v", stats.Loss(), want)
	}
	for i, p := range net.Params() {
		if !p.Role.Trained() {
			continue
		}
		var far, size float64
		for j, got := range stepper.Grads()[i] {
			values := w[p.FullName()]
			const step = 1e-5
			at := values[j]
			values[j] = at + step
			up := n.loss(w, eps)
			values[j] = at - step
			want := (up - n.loss(w, eps)) / (2 * step)
			values[j] = at
			far += (float64(got) - want) * (float64(got) - want)
			size += want * want
		}
		// What comes before a normalisation as a constant has no gradient but rounding.
		if far, size = math.Sqrt(far), math.Sqrt(size); far > 2e-5*size+1e-6 {
			t.Errorf("gradient of %s is %.1e from finite differences of size %.1e", p.FullName(), far, size)
		}
	}
	mean, variance, _ := n.run(w, eps)
	count := float64(len(n.x) * n.shape[1] * n.shape[2])
	for c := range n.channels {
		unbiased := 1.0
		if l.Semantics == nn.PyTorch {
			unbiased = count / (count - 1)
		}
		for name, want := range map[string]float64{
			"bn.running_mean": (1 - keep) * mean[c],
			"bn.running_var":  keep + (1-keep)*unbiased*variance[c],
		} {
			if got := float64(net.Param(name).Data[c]); math.Abs(got-want) > 1e-6*math.Abs(want)+1e-8 {
				t.Errorf("%s[%d] is %v, want %v", name, c, got, want)
			}
		}
	}
}
