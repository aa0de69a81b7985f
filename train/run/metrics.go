package run

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/metric"
	"github.com/gonn-toolkit/gonn/train/run/internal/safetensors"
)

// recorded is a metric of a run.
type recorded struct {
	name string
	metric.Metric
}

// newMetrics makes the metrics that the settings ask for. Those that are among the ones before
// go on with what they remember.
func (s *Settings) newMetrics(net *nn.Network, before ...recorded) (list []recorded, err error) {
	kinds, err := metric.Parse(s.Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	for _, k := range kinds {
		at := slices.IndexFunc(before, func(m recorded) bool { return m.name == k.Name })
		if at >= 0 {
			list = append(list, before[at])
		} else {
			list = append(list, recorded{k.Name, k.New(net)})
		}
	}
	return list, nil
}

// memories are what the metrics remember within an epoch: "metric/dead/act1".
func (s *Session) memories() (scalars []scalar, tensors []safetensors.Tensor) {
	if s.position.Step == 0 {
		return nil, nil // they begin anew
	}
	for _, m := range s.metrics {
		prefix := "metric/" + m.name + "/"
		memory := m.Memory()
		for _, n := range memory.Numbers {
			scalars = append(scalars, scalar{prefix + n.Name, n.Value})
		}
		for _, t := range memory.Tensors {
			tensors = append(tensors, safetensors.Tensor{Name: prefix + t.Name, Shape: t.Shape, Data: t.Data})
		}
	}
	return scalars, tensors
}
