package nn

import "github.com/gonn-toolkit/gonn/nn/internal/exec"

// options are what a user has allowed. They are never changed; another choice is another
// pointer.
type options struct{ fastConv, fixedParams bool }

// inferrer is an executor for inference with options.
type inferrer struct {
	*exec.Executor
	options *options
}

// SetFastConv allows or forbids Winograd's algorithm F(4×4, 3×3) for convolutions of 3×3 (Lavin &
// Gray 2015), in Forward, Predict, Evaluate and EvaluateEach, and in the training of a Stepper
// that is made later: for outputs and gradients of inputs, not for those of weights. It applies
// to batches, with a stride of 1 and without groups, where it takes less time than the sum of
// taps. The errors of a layer are two to four times those of the sum of taps, and a NaN reaches
// all outputs of the tiles that read it. It is off in a new network.
func (n *Network) SetFastConv(on bool) {
	n.setOption(func(o *options) { o.fastConv = on })
}

// FastConv reports whether SetFastConv has allowed it.
func (n *Network) FastConv() bool { return n.options.Load().fastConv }

// SetFixedParams promises that the network's parameters do not change from now on, so that
// Forward, Predict, Evaluate and EvaluateEach need not look for changes. That saves a good part
// of the time of a single sample in a network with many parameters. ONNX Runtime's sessions and
// torch.jit.freeze assume it too. After a change, call it again. It is off in a new network, and
// NewStepper turns it off.
func (n *Network) SetFixedParams(on bool) {
	n.setOption(func(o *options) { o.fixedParams = on })
}

// setOption changes a copy of the options. Executors are made again after a change, and after
// each promise of fixed parameters, before which these may have changed.
func (n *Network) setOption(set func(*options)) {
	for {
		old := n.options.Load()
		changed := *old
		set(&changed)
		if changed == *old && !changed.fixedParams || n.options.CompareAndSwap(old, &changed) {
			return
		}
	}
}

// infer runs a job in inference. It keeps the executor for the next call.
func (n *Network) infer(samples, workers int, job exec.Job) error {
	if err := n.checkData(); err != nil {
		return err
	}
	options := n.options.Load()
	e, ok := n.inferrers.Get().(*inferrer)
	if !ok || e.Workers() != exec.NumWorkers(workers) || e.options != options {
		e = &inferrer{exec.New(n.graph(), exec.Config{
			Workers: workers, Outputs: n.outputValues(), Fast: options.fastConv, FixedParams: options.fixedParams,
		}), options}
	}
	err := e.Run(samples, job)
	n.inferrers.Put(e)
	return err
}
