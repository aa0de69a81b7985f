package parity

import (
	"context"
	"fmt"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

// Plan is how one of the ways in which a network is run compares with running it layer by
// layer: users run folded layers, one sample or blocks of them, on the kernels of their
// processor.
type Plan struct {
	Name    string `json:"name"`
	Backend string `json:"backend"`
	// Error is the largest |a − b| of the outputs, relative to the largest |b|.
	Error Number `json:"error"`
	Equal bool   `json:"equal"`
	// Skipped is why it was not run, "" if it was.
	Skipped string `json:"skipped,omitempty"`
	// Took is how long it took.
	Took time.Duration `json:"-"`
}

// plan is a way to run a network on a number of samples.
type plan struct {
	name    string
	samples int
	one     bool // one sample at a time
	fast    bool
}

// plansOf are the ways to run a network on a batch.
func plansOf(batch int) []plan {
	return []plan{
		{name: "one at a time", samples: min(batch, 4), one: true},
		{name: "batch of 16", samples: 16},
		{name: "batch of 128", samples: 128},
		{name: "batch of 128 with fast convolutions", samples: 128, fast: true},
	}
}

// mostWork bounds the multiply–accumulates of one plan, by backend, unless all are asked for:
// about a tenth of a second each.
var mostWork = map[string]float64{"avx512": 1 << 33, "avx2": 1 << 32, "go": 1 << 27}

// plans holds the ways to run a network against want, the output of running the batch x
// layer by layer.
func plans(ctx context.Context, net *nn.Network, x, want *nn.Tensor, o Options) ([]Plan, error) {
	own, err := nn.Backend()
	if err != nil {
		return nil, err
	}
	if !o.Backends {
		return plansOn(ctx, own, net, x, want, o)
	}
	var rows []Plan
	for _, backend := range nn.Backends() {
		restore, err := nn.UseBackend(backend)
		if err != nil {
			return nil, err
		}
		more, err := plansOn(ctx, backend, net.Clone(), x, want, o)
		restore()
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func plansOn(ctx context.Context, backend string, net *nn.Network, x, want *nn.Tensor, o Options) ([]Plan, error) {
	var rows []Plan
	for _, p := range plansOf(x.Shape[0]) {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		row := Plan{Name: p.name, Backend: backend}
		if work := float64(net.MACs()) * float64(p.samples); !o.AllPlans && work > mostWork[backend] {
			row.Skipped = fmt.Sprintf("it takes %.2g multiply–accumulates", work)
			rows = append(rows, row)
			continue
		}
		if o.Progress != nil {
			o.Progress(fmt.Sprintf("plan %s on %s", p.name, backend))
		}
		began := time.Now()
		r, err := p.hold(net, x, want, o.Tolerance.ofLayers())
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", p.name, backend, err)
		}
		row.Took = time.Since(began)
		if row.Equal = r.Equal; r.Scale > 0 {
			row.Error = r.MaxError / r.Scale
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// hold runs a plan and compares its outputs with those of the samples that it was given.
func (p plan) hold(net *nn.Network, x, want *nn.Tensor, t Tolerance) (Result, error) {
	net.SetFastConv(p.fast)
	defer net.SetFastConv(false)
	all, expected := repeated(x, p.samples), repeated(want, p.samples)
	if !p.one {
		y, err := net.Forward(all)
		if err != nil {
			return Result{}, err
		}
		return Tensors("output", y, expected, t)
	}
	y := nn.NewTensor(expected.Shape...)
	for i := range p.samples {
		one, err := net.Forward(&nn.Tensor{Shape: append([]int{1}, x.Shape[1:]...), Data: all.Sample(i)})
		if err != nil {
			return Result{}, err
		}
		copy(y.Sample(i), one.Data)
	}
	return Tensors("output", y, expected, t)
}

// repeated are n samples: those of x, again and again.
func repeated(x *nn.Tensor, n int) *nn.Tensor {
	y := nn.NewTensor(append([]int{n}, x.Shape[1:]...)...)
	for i := range n {
		copy(y.Sample(i), x.Sample(i%x.Shape[0]))
	}
	return y
}
