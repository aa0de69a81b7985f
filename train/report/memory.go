package report

import (
	"fmt"
	"runtime"

	"github.com/gonn-toolkit/gonn/nn"
)

// Memory is an estimate of the memory that running a network takes: parameters, outputs of layers
// and gradients, with one worker a processor. It does not include data and the optimizer.
type Memory struct {
	Workers   int           `json:"workers"`
	Inference []MemoryOfRun `json:"inference"`
	Training  []MemoryOfRun `json:"training"`
}

// MemoryOfRun is the memory of runs with one batch size, in bytes.
type MemoryOfRun struct {
	Batch int `json:"batch"`
	Bytes int `json:"bytes"`
}

// usualBatch is the batch size of the estimates, besides 1.
const usualBatch = 128

// MemoryOf estimates the memory of inference for one sample and for batches of 128, and of
// training for batches of 128.
func MemoryOf(net *nn.Network) Memory {
	m := Memory{Workers: runtime.GOMAXPROCS(0)}
	run := func(mode nn.Mode, batch int) MemoryOfRun {
		return MemoryOfRun{batch, net.Memory(mode, batch, m.Workers).Total()}
	}
	m.Inference = []MemoryOfRun{run(nn.Inference, 1), run(nn.Inference, usualBatch)}
	m.Training = []MemoryOfRun{run(nn.Training, usualBatch)}
	return m
}

// text formats the estimate in one line.
func (m Memory) text() string {
	return fmt.Sprintf("memory with %d workers: %s for one sample, %s for batches of %d; training in such batches %s, without data and optimizer",
		m.Workers, bytesText(m.Inference[0].Bytes), bytesText(m.Inference[1].Bytes), usualBatch, bytesText(m.Training[0].Bytes))
}

// bytesText formats a number of bytes with three digits.
func bytesText(n int) string {
	v, unit := float64(n), 0
	units := []string{"bytes", "KB", "MB", "GB", "TB"}
	for v >= 999.5 && unit < len(units)-1 {
		v, unit = v/1000, unit+1
	}
	return fmt.Sprintf("%.3g %s", v, units[unit])
}
