package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// TrainRow is the speed of training steps: data, forward, loss, backward and Adam.
type TrainRow struct {
	Act         string  `json:"act,omitempty"`
	Workers     int     `json:"workers"`
	Batch       int     `json:"batch"`
	SamplesPerS float64 `json:"samples_per_s"`
	GFLOPS      float64 `json:"gflops"`
	// ShareOfPeak is of the peak that as many workers reach.
	ShareOfPeak float64 `json:"share_of_peak"`
	// Speedup is over the first of the numbers of workers.
	Speedup float64 `json:"speedup"`
}

// Train measures training steps for each number of workers.
func Train(s Subject, c Config) ([]TrainRow, error) {
	c, err := c.of(s.checkTraining)
	if err != nil {
		return nil, err
	}
	var loads []load // for each number of workers the step, then the peak
	for _, w := range c.Workers {
		step, err := s.training(s.Fit.Clone(), c.Batch, w)
		if err != nil {
			return nil, err
		}
		loads = append(loads, load{step}, peak(w))
	}
	m, err := alternate(c.Seconds, loads...)
	if err != nil {
		return nil, fmt.Errorf("training%s: %w", s.with(), err)
	}
	flops := float64(TrainFLOPs(s.Fit))
	var rows []TrainRow
	for i, w := range c.Workers {
		step, peak := 2*i, 2*i+1
		rows = append(rows, TrainRow{
			Act: s.Act, Workers: w, Batch: c.Batch,
			SamplesPerS: m.rate(step), GFLOPS: m.rate(step) * flops / 1e9,
			ShareOfPeak: m.ratio(step, peak) * flops,
			Speedup:     m.ratio(step, 0),
		})
	}
	return rows, nil
}

// training is one step of training a network, on batches of the shuffled data in turn; its
// amount is in samples.
func (s Subject) training(net *nn.Network, batch, workers int) (task, error) {
	stepper := nn.NewStepper(net, s.Loss, workers)
	adam, err := optim.NewAdam(net.Params(), optim.Config{LR: 1e-3, Semantics: nn.Keras})
	if err != nil {
		return nil, err
	}
	order := rand.New(rand.NewPCG(1, 1)).Perm(s.Data.Len())
	batches := slices.Collect(slices.Chunk(order, batch))
	if last := len(batches) - 1; last > 0 && len(batches[last]) < batch {
		batches = batches[:last] // a smaller batch is another measurement
	}
	next := 0
	return func() (float64, error) {
		batch := batches[next%len(batches)]
		next++
		stats, err := stepper.Step(s.Data, batch)
		if err != nil {
			return 0, err
		}
		if math.IsNaN(stats.LossSum) || math.IsInf(stats.LossSum, 0) {
			return 0, fmt.Errorf("the loss of step %d is %v", next, stats.LossSum)
		}
		return float64(len(batch)), adam.Step(stepper.Grads())
	}, nil
}
