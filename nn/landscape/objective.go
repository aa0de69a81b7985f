package landscape

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn"
)

// Objective is the mean loss over a data set as a function of a network's parameters.
type Objective struct {
	Net  *nn.Network // with one input and one output; its parameters are the origin, and stay as they are
	Data nn.Dataset  // nn.Samples or nn.TargetSamples
	Loss nn.Loss
	// Workers is the number of goroutines, 0 for one a processor. It does not change results.
	Workers int
}

// Line computes the objective at θ + α·d for each α.
func (o *Objective) Line(ctx context.Context, d Direction, alphas []float64) ([]nn.Stats, error) {
	return o.evaluate(ctx, len(alphas), func(net *nn.Network, i int) {
		move(net, o.Net, term{alphas[i], d})
	})
}

// Plane computes the objective at θ + α·a + β·b. Row i is that of betas[i], with a column for each
// α.
func (o *Objective) Plane(ctx context.Context, a, b Direction, alphas, betas []float64) ([][]nn.Stats, error) {
	cols := len(alphas)
	all, err := o.evaluate(ctx, cols*len(betas), func(net *nn.Network, i int) {
		move(net, o.Net, term{alphas[i%cols], a}, term{betas[i/cols], b})
	})
	if err != nil {
		return nil, err
	}
	rows := make([][]nn.Stats, len(betas))
	for i := range rows {
		rows[i] = all[i*cols : (i+1)*cols : (i+1)*cols]
	}
	return rows, nil
}

// evaluate computes the objective at n points, to which place moves a copy of the network. Each
// worker has a copy and runs its points alone, which divides the work better than several workers
// at one point. Of several errors it returns that of the first point.
func (o *Objective) evaluate(ctx context.Context, n int, place func(net *nn.Network, i int)) ([]nn.Stats, error) {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	stats, errs := make([]nn.Stats, n), make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			net := o.Net.Clone()
			for i := int(next.Add(1)) - 1; i < n && !failed.Load(); i = int(next.Add(1)) - 1 {
				if errs[i] = context.Cause(ctx); errs[i] == nil {
					place(net, i)
					stats[i], errs[i] = net.Evaluate(o.Data, o.Loss, 1)
				}
				if errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return stats, nil
}
