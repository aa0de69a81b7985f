package exec

import "github.com/gonn-toolkit/gonn/nn/op"

// restRun is the plan that runs whole blocks, and the few samples that are left over one by one: a
// block of them takes as long as a whole one.
type restRun struct {
	blocks plan
	planar *planarRun
}

func (r *restRun) accepts(samples int, job Job) bool {
	rest := samples % op.Lanes
	return samples > op.Lanes && rest <= r.planar.maxBehind && r.planar.accepts(rest, job)
}

func (r *restRun) run(samples int, job Job) error {
	rest := samples % op.Lanes
	if err := r.blocks.run(samples-rest, job); err != nil {
		return err
	}
	return r.planar.runBehind(samples-rest, rest, job)
}

// usage is that of both, which keep their memory.
func (r *restRun) usage(samples int) Usage {
	rest := samples % op.Lanes
	u, last := r.blocks.usage(samples-rest), r.planar.usage(rest)
	return Usage{Values: u.Values + last.Values, Gradients: u.Gradients + last.Gradients}
}
