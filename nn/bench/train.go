package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// TrainRow is the speed of training steps: data, forward, loss, backward and Adam.
type TrainRow struct {
	Act         string  `json:"act"`
	Workers     int     `json:"workers"`
	Batch       int     `json:"batch"`
	SamplesPerS float64 `json:"samples_per_s"`
	GFLOPS      float64 `json:"gflops"`
	// ShareOfPeak is of the peak that as many workers reach.
	ShareOfPeak float64 `json:"share_of_peak"`
	// Speedup is over the first of the numbers of workers.
	Speedup float64 `json:"speedup"`
}

// Train measures training steps with one activation, for each number of workers.
func Train(act string, c Config) ([]TrainRow, error) {
	var loads []load // for each number of workers the step, then the peak
	flops := 0
	for _, w := range c.Workers {
		net, err := c.network(act)
		if err != nil {
			return nil, err
		}
		flops = TrainFLOPs(net)
		step, err := trainStep(net, c, w)
		if err != nil {
			return nil, err
		}
		loads = append(loads, load{step}, peak(w))
	}
	m, err := alternate(c.Seconds, loads...)
	if err != nil {
		return nil, fmt.Errorf("training with %s: %w", act, err)
	}
	var rows []TrainRow
	for i, w := range c.Workers {
		step, peak := 2*i, 2*i+1
		rows = append(rows, TrainRow{
			Act: act, Workers: w, Batch: c.Batch,
			SamplesPerS: m.rate(step), GFLOPS: m.rate(step) * float64(flops) / 1e9,
			ShareOfPeak: m.ratio(step, peak) * float64(flops),
			Speedup:     m.ratio(step, 0),
		})
	}
	return rows, nil
}

// trainStep is one step of training, on batches of a shuffled set in turn; its amount is
// in samples.
func trainStep(net *nn.Network, c Config, workers int) (task, error) {
	stepper := nn.NewStepper(net, loss.CrossEntropy{}, workers)
	adam, err := optim.NewAdam(net.Params(), optim.Config{LR: 1e-3, Semantics: nn.Keras})
	if err != nil {
		return nil, err
	}
	order := rand.New(rand.NewPCG(1, 1)).Perm(c.Samples.Len())
	batches := slices.Collect(slices.Chunk(order, c.Batch))
	if last := len(batches) - 1; last > 0 && len(batches[last]) < c.Batch {
		batches = batches[:last] // a smaller batch is another measurement
	}
	next := 0
	return func() (float64, error) {
		batch := batches[next%len(batches)]
		next++
		stats, err := stepper.Step(c.Samples, batch)
		if err != nil {
			return 0, err
		}
		if math.IsNaN(stats.LossSum) || math.IsInf(stats.LossSum, 0) {
			return 0, fmt.Errorf("the loss of step %d is %v", next, stats.LossSum)
		}
		return float64(len(batch)), adam.Step(stepper.Grads())
	}, nil
}
