package bench

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// InferRow is the speed of a network from a tensor of samples to a tensor of outputs,
// with one worker a processor and fixed parameters (nn.Network.SetFixedParams).
type InferRow struct {
	Act         string  `json:"act,omitempty"`
	Batch       int     `json:"batch"`
	US          float64 `json:"us"` // microseconds a batch
	SamplesPerS float64 `json:"samples_per_s"`
	// ShareOfPeak is of the peak of all processors, which a small batch leaves idle. It is 0
	// for Subject.Forward, whose FLOPs are not known.
	ShareOfPeak float64 `json:"share_of_peak,omitempty"`
}

// Infer measures inference for each size of batches.
func Infer(s Subject, c Config) ([]InferRow, error) {
	c, err := c.of(s.checkInference)
	if err != nil {
		return nil, err
	}
	loads := []load{peak(AllWorkers())}
	net := s.fixed()
	for _, n := range c.Batches {
		run, err := s.inference(net, n)
		if err != nil {
			return nil, err
		}
		loads = append(loads, load{run})
	}
	m, err := alternate(c.Seconds, loads...)
	if err != nil {
		return nil, fmt.Errorf("inference%s: %w", s.with(), err)
	}
	flops := 0
	if s.Net != nil {
		flops = ForwardFLOPs(s.Net)
	}
	var rows []InferRow
	for i, n := range c.Batches {
		rate := m.rate(i + 1)
		rows = append(rows, InferRow{
			Act: s.Act, Batch: n, US: float64(n) / rate * 1e6, SamplesPerS: rate,
			ShareOfPeak: m.ratio(i+1, 0) * float64(flops),
		})
	}
	return rows, nil
}

// with names the activation in errors.
func (s Subject) with() string {
	if s.Act == "" {
		return ""
	}
	return " with " + s.Act
}

// fixed is a copy of the network with fixed parameters, nil if there is none.
func (s Subject) fixed() *nn.Network {
	if s.Net == nil {
		return nil
	}
	net := s.Net.Clone()
	net.SetFixedParams(true)
	return net
}

// inference is the inference of n samples by a network, or by Forward if that is set; its
// amount is in samples.
func (s Subject) inference(net *nn.Network, n int) (task, error) {
	if s.Forward != nil {
		run, err := s.Forward(n)
		return func() (float64, error) { return float64(n), run() }, err
	}
	x, err := s.tensor(n)
	if err != nil {
		return nil, err
	}
	return func() (float64, error) {
		_, err := net.Forward(x)
		return float64(n), err
	}, nil
}

// tensor holds the first n samples.
func (s Subject) tensor(n int) (*nn.Tensor, error) {
	if s.Data.Len() < n {
		return nil, fmt.Errorf("inference in batches of %d needs as many samples, the data has %d", n, s.Data.Len())
	}
	x := nn.NewTensor(append([]int{n}, s.Data.Shape()...)...)
	for i := range n {
		if err := nn.ReadSample(x.Sample(i), s.Data, i); err != nil {
			return nil, err
		}
	}
	return x, nil
}
