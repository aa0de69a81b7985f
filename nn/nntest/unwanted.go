package nntest

import "fmt"

// checkUnwanted leaves out the gradient of one parameter after the other, and of all of them. The
// other gradients must not change, up to rounding.
func checkUnwanted(b *fixture, _ *report) error {
	params := b.op.Params()
	return modes(func(training bool) error {
		want := b.newPass(training, 1, samples).run()
		for left := 0; left <= len(params); left++ {
			p := b.newPass(training, 1, samples)
			for i, k := range p.blocks {
				for j, spec := range params {
					if !spec.Role.Trained() || j == left || left == len(params) {
						k.dw[j] = nil
					}
				}
				p.calls[i].DW = k.dw
			}
			name := "of any parameter"
			if left < len(params) {
				name = "of " + params[left].Name
			}
			if err := unpanicked(func() { p.run() }); err != nil {
				return fmt.Errorf("the gradient %s is not wanted: %w", name, err)
			}
			if err := p.closeGradients(want); err != nil {
				return fmt.Errorf("%w when that %s is not wanted", err, name)
			}
		}
		return nil
	})
}

// closeGradients returns an error unless the wanted gradients equal those of another pass, up to
// rounding.
func (p *pass) closeGradients(want *pass) error {
	near := func(a, b []float32) bool {
		return distance(wide([][]float32{a})[0], wide([][]float32{b})[0]) <= gradientTolerance
	}
	for i, k := range p.blocks {
		for j, dx := range k.dx {
			if !near(dx.Data, want.blocks[i].dx[j].Data) {
				return fmt.Errorf("the gradient of input %d changes", j)
			}
		}
		for j, dw := range k.dw {
			if dw != nil && !near(dw, want.blocks[i].dw[j]) {
				return fmt.Errorf("the gradient of %s changes", p.op.Params()[j].Name)
			}
		}
	}
	return nil
}

// unpanicked calls f and returns a panic as an error.
func unpanicked(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	f()
	return nil
}
