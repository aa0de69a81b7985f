package bench

import (
	"runtime"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// Peak is what the machine can do with the kernels of one instruction set.
type Peak struct {
	Kernels string  `json:"kernels"` // avx512, avx2 or go
	Workers int     `json:"workers"`
	GFLOPS  float64 `json:"gflops"` // multiply-adds on registers alone
	// The same with the loads of a convolution's innermost loop, from the nearest
	// cache.
	ProbeGFLOPS float64 `json:"probe_gflops"`
	ProbeShare  float64 `json:"probe_share_of_peak"`
}

// Peaks measures all instruction sets of this machine, the one in use first, with each
// number of workers. Nothing else may run at the time.
func Peaks(workers []int, seconds float64) ([]Peak, error) {
	inUse, err := kernel.Backend()
	if err != nil {
		return nil, err
	}
	peaks, err := peaksOf(inUse, workers, seconds)
	if err != nil {
		return nil, err
	}
	for _, name := range kernel.Backends() {
		if name == inUse {
			continue
		}
		more, err := peaksOf(name, workers, seconds)
		if err != nil {
			return nil, err
		}
		peaks = append(peaks, more...)
	}
	return peaks, nil
}

func peaksOf(kernels string, workers []int, seconds float64) (peaks []Peak, err error) {
	restore, err := kernel.Use(kernels)
	if err != nil {
		return nil, err
	}
	defer restore()
	for _, w := range workers {
		m, err := alternate(seconds, probe(kernel.Peak, w), probe(kernel.Tile, w))
		if err != nil {
			return nil, err
		}
		peaks = append(peaks, Peak{kernels, w, m.rate(0) / 1e9, m.rate(1) / 1e9, m.ratio(1, 0)})
	}
	return peaks, nil
}

// probe is a load whose amount is in FLOPs.
func probe(which kernel.Probe, workers int) (l load) {
	for range workers {
		run := kernel.Prober(which)
		l = append(l, func() (float64, error) { return float64(run()), nil })
	}
	return l
}

// peak is the load that others are held against.
func peak(workers int) load { return probe(kernel.Peak, workers) }

// AllWorkers is one worker a processor.
func AllWorkers() int { return runtime.GOMAXPROCS(0) }

// Scale lists numbers of workers from one to all, each twice the one before.
func Scale() (workers []int) {
	for w := 1; w < AllWorkers(); w *= 2 {
		workers = append(workers, w)
	}
	return append(workers, AllWorkers())
}
