package bench

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Layers is where the time goes in training steps, or in inference.
//
// The network runs in its executor, with a clock around each call of a layer's Op: on the shapes,
// plans, memory and number of workers of the real run. A time is that of a batch: what a worker
// spends in the layer, the mean of all workers. Layers that the executor fuses have one time
// together. StepUS is the time of a whole batch without clocks, measured in the same minutes, with
// everything that is no layer.
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
	// With is the layer in whose row the time of this one is, since they are fused; "" for a row
	// of its own.
	With string `json:"with,omitempty"`
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
	c, err := c.of(s.checkTraining)
	if err != nil {
		return nil, err
	}
	workers := slices.Max(c.Workers)
	whole, err := s.training(s.Fit.Clone(), c.Batch, workers)
	if err != nil {
		return nil, err
	}
	net, set, err := clocked(s.Fit, workers, c.Batch)
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
	return l.measure(c, s, whole, &timedLayers{run: timed, clocks: set, flops: flops})
}

// InferLayers measures the layers in inference of the largest of the batches, with one worker a
// processor.
func InferLayers(s Subject, c Config) (*Layers, error) {
	c, err := c.of(s.checkLayers)
	if err != nil {
		return nil, err
	}
	workers, batch := AllWorkers(), slices.Max(c.Batches)
	whole, err := s.inference(s.fixed(), batch)
	if err != nil {
		return nil, err
	}
	net, set, err := clocked(s.Net, workers, batch)
	if err != nil {
		return nil, err
	}
	net.SetFixedParams(true)
	timed, err := s.inference(net, batch)
	if err != nil {
		return nil, err
	}
	var flops []int
	for _, node := range s.Net.Nodes() {
		flops = append(flops, 2*node.MACs())
	}
	l := &Layers{Act: s.Act, Pass: Inference, Workers: workers, Batch: batch, Rows: rowsOf(s.Net)}
	return l.measure(c, s, whole, &timedLayers{run: timed, clocks: set, flops: flops})
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
