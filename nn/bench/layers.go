package bench

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Layers is where the time goes in training steps, or in inference.
//
// The network runs in its executor, with a clock around each call of a layer's Op, on the
// shapes, memory and number of workers of the real run. A time is that of a batch: what a worker
// spends in the layer, the mean of all workers. Where the executor has a plan that computes
// several layers at once, the clocks keep it from that plan, so that each layer has a time of its
// own; StepUS is the time of a whole batch by the best plan and without clocks, measured in the
// same minutes, with everything that is no layer.
type Layers struct {
	Act     string     `json:"act,omitempty"`
	Pass    string     `json:"pass"` // Training or Inference
	Workers int        `json:"workers"`
	Batch   int        `json:"batch"`
	StepUS  float64    `json:"step_us"`
	Rows    []LayerRow `json:"rows"`
}

// The passes of Layers.
const (
	Training  = "training"
	Inference = "inference"
)

// LayerRow is the speed of one layer.
type LayerRow struct {
	Layer string   `json:"layer"`
	Kind  string   `json:"kind"`
	Shape nn.Shape `json:"shape"` // of the output, for one sample
	MACs  int      `json:"macs"`  // of the forward pass, for one sample
	// ForwardUS and BackwardUS are microseconds a batch; 0 for a layer that only gives its input
	// another shape.
	ForwardUS  float64 `json:"forward_us"`
	BackwardUS float64 `json:"backward_us,omitempty"`
	// ShareOfTime is of the time of all layers.
	ShareOfTime float64 `json:"share_of_time"`
	// GFLOPS and ShareOfPeak are those of all workers, in both passes; 0 without FLOPs.
	GFLOPS      float64 `json:"gflops,omitempty"`
	ShareOfPeak float64 `json:"share_of_peak,omitempty"`
}

// TrainLayers measures the layers in training steps, with the largest number of workers.
func TrainLayers(s Subject, c Config) (*Layers, error) {
	workers := slices.Max(c.Workers)
	whole, err := s.training(s.Fit.Clone(), c.Batch, workers)
	if err != nil {
		return nil, err
	}
	net, clocks, err := clocked(s.Fit, workers)
	if err != nil {
		return nil, err
	}
	timed, err := s.training(net, c.Batch, workers)
	if err != nil {
		return nil, err
	}
	flops := backwardFLOPs(s.Fit)
	for i, node := range s.Fit.Nodes() {
		flops[i] += 2 * node.MACs()
	}
	l := &Layers{Act: s.Act, Pass: Training, Workers: workers, Batch: c.Batch, Rows: rowsOf(s.Fit)}
	return l.measure(c, s, whole, &timedLayers{run: timed, clocks: clocks, flops: flops})
}

// InferLayers measures the layers in inference of the largest of the batches, with one worker a
// processor.
func InferLayers(s Subject, c Config) (*Layers, error) {
	workers, batch := AllWorkers(), slices.Max(c.Batches)
	whole, err := s.inference(s.Net, batch)
	if err != nil {
		return nil, err
	}
	net, clocks, err := clocked(s.Net, workers)
	if err != nil {
		return nil, err
	}
	timed, err := s.inference(net, batch)
	if err != nil {
		return nil, err
	}
	flops := make([]int, len(clocks))
	for i, node := range s.Net.Nodes() {
		flops[i] = 2 * node.MACs()
	}
	l := &Layers{Act: s.Act, Pass: Inference, Workers: workers, Batch: batch, Rows: rowsOf(s.Net)}
	return l.measure(c, s, whole, &timedLayers{run: timed, clocks: clocks, flops: flops})
}

// rowsOf are the rows of a network's layers, without figures.
func rowsOf(net *nn.Network) (rows []LayerRow) {
	for _, n := range net.Nodes() {
		rows = append(rows, LayerRow{Layer: n.Name, Kind: n.Layer.Kind(), Shape: n.Shape, MACs: n.MACs()})
	}
	return rows
}

// layerSlices is how many times as long as a figure all layers together are measured.
const layerSlices = 2

// measure fills in the figures.
func (l *Layers) measure(c Config, s Subject, whole task, timed *timedLayers) (*Layers, error) {
	m, err := alternateSeen(layerSlices*c.Seconds, timed.seen, load{timed.call}, load{whole}, peak(l.Workers))
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", l.Pass, s.with(), err)
	}
	l.StepUS = float64(l.Batch) / m.rate(1) * 1e6
	timed.fill(l, m[2])
	return l, nil
}

// timedLayers are the times of layers, a slice after the other.
type timedLayers struct {
	run               task
	clocks            []*clock
	flops             []int    // of each layer, for one sample
	samples           float64  // of this slice so far
	forward, backward measured // nanoseconds a sample, by layer and round
}

// call is the task.
func (t *timedLayers) call() (float64, error) {
	n, err := t.run()
	t.samples += n
	return n, err
}

// seen reads the clocks after a slice. The first of all is a warm-up.
func (t *timedLayers) seen(load, round int) {
	if load != 0 {
		return
	}
	if t.forward == nil {
		t.forward, t.backward = make(measured, len(t.clocks)), make(measured, len(t.clocks))
	}
	for i, c := range t.clocks {
		f, b := c.read()
		if round >= 0 {
			t.forward[i] = append(t.forward[i], f/t.samples)
			t.backward[i] = append(t.backward[i], b/t.samples)
		}
	}
	t.samples = 0
}

// fill fills in the rows; peaks are those of the rounds, in FLOP/s.
func (t *timedLayers) fill(l *Layers, peaks []float64) {
	all := 0.0
	for i := range l.Rows {
		r := &l.Rows[i]
		r.ForwardUS = t.forward.rate(i) * float64(l.Batch) / 1e3
		r.BackwardUS = t.backward.rate(i) * float64(l.Batch) / 1e3
		all += r.ForwardUS + r.BackwardUS
		if t.flops[i] == 0 {
			continue
		}
		rates, shares := make([]float64, len(peaks)), make([]float64, len(peaks))
		for round, peak := range peaks {
			ns := t.forward[i][round] + t.backward[i][round]
			rates[round] = float64(t.flops[i]) / max(ns, 1e-3)
			shares[round] = rates[round] * 1e9 / peak
		}
		r.GFLOPS, r.ShareOfPeak = median(rates), median(shares)
	}
	for i := range l.Rows {
		r := &l.Rows[i]
		r.ShareOfTime = (r.ForwardUS + r.BackwardUS) / max(all, 1e-3)
	}
}
