package bench

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Batches are the sizes that inference is measured with.
var Batches = []int{1, 16, 128}

// InferRow is the speed of a network from a tensor of pictures to a tensor of logits,
// with one worker a processor.
type InferRow struct {
	Act         string  `json:"act"`
	Batch       int     `json:"batch"`
	US          float64 `json:"us"` // microseconds a batch
	SamplesPerS float64 `json:"samples_per_s"`
	// ShareOfPeak is of the peak of all processors, which a small batch leaves idle.
	ShareOfPeak float64 `json:"share_of_peak"`
}

// Infer measures inference with one activation, for each of the batches.
func Infer(act string, c Config) ([]InferRow, error) {
	net, err := c.network(act)
	if err != nil {
		return nil, err
	}
	loads := []load{peak(AllWorkers())}
	for _, n := range Batches {
		x, err := c.tensor(n)
		if err != nil {
			return nil, err
		}
		loads = append(loads, load{func() (float64, error) {
			_, err := net.Forward(x)
			return float64(n), err
		}})
	}
	m, err := alternate(c.Seconds, loads...)
	if err != nil {
		return nil, fmt.Errorf("inference with %s: %w", act, err)
	}
	var rows []InferRow
	for i, n := range Batches {
		rate := m.rate(i + 1)
		rows = append(rows, InferRow{
			Act: act, Batch: n, US: float64(n) / rate * 1e6, SamplesPerS: rate,
			ShareOfPeak: m.ratio(i+1, 0) * float64(ForwardFLOPs(net)),
		})
	}
	return rows, nil
}

// tensor holds the first n samples.
func (c Config) tensor(n int) (*nn.Tensor, error) {
	if c.Samples.Len() < n {
		return nil, fmt.Errorf("inference in batches of %d needs as many samples, the data has %d", n, c.Samples.Len())
	}
	x := nn.NewTensor(append([]int{n}, c.Samples.Shape()...)...)
	block := nn.NewBlock(c.Samples.Shape())
	for i := range n {
		if err := c.Samples.Fill(block, []int{i}); err != nil {
			return nil, err
		}
		block.Sample(0, x.Sample(i))
	}
	return x, nil
}
