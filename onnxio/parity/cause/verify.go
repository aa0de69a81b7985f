package cause

import "github.com/gonn-toolkit/gonn/nn"

// verify holds a correction against all samples, if it was found with some of them, and sets its
// error. It reports whether the outputs agree.
func (s *search) verify(h *hit) bool {
	n := s.all.samples()
	if n == s.c.samples() {
		return true
	}
	var names []string
	for _, node := range s.all.Net.Nodes() {
		names = append(names, node.Name)
	}
	got := batch{}
	patch := s.whole.patch(h.at)
	step := s.c.samples()
	for first := 0; first < n; first += step {
		if s.ctx.Err() != nil {
			return false
		}
		last := min(n, first+step)
		inputs := batch{}
		for name, x := range s.all.Inputs {
			inputs[name] = slice(x, first, last)
		}
		values, err := run(s.all.Net, inputs, names...)
		if err != nil {
			return false
		}
		for name, x := range inputs {
			values[name] = x
		}
		for _, t := range s.all.Unplaced {
			if isBatch(t.Tensor) && t.Shape[0] == n {
				values[unplaced(t.Name)] = slice(t.Tensor, first, last)
			}
		}
		y, err := h.value.compute(values)
		if err != nil {
			return false
		}
		for name, part := range patch.run(y, values) {
			if got[name] == nil {
				got[name] = nn.NewTensor(append([]int{n}, part.Shape[1:]...)...)
			}
			copy(got[name].Data[first*len(part.Data)/(last-first):], part.Data)
		}
	}
	h.After = 0
	for _, t := range s.whole.targets {
		h.After = max(h.After, s.all.errorOf(got[t], s.all.Want[t]))
	}
	return h.After <= 1
}
