package parity

import (
	"context"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// orient decides how tensors lie if all their shapes allow channels as the first axis and as the
// last, such as maps of 12×12×12: as more of the layers around them tell, which give what was
// recorded for them if they are fed what was recorded in front. One wrong layer does not hide it.
func (w *walk) orient(ctx context.Context) error {
	if w.placed.oriented {
		return nil
	}
	asIs, turned := 0, 0
	for _, n := range w.im.Network.Nodes() {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if !slices.ContainsFunc(append(slices.Clone(n.Inputs), n.Name), func(v string) bool { return w.placed.of[v].other != nil }) {
			continue
		}
		layer, err := newSingle(w.im.Network, n)
		if err != nil {
			return err
		}
		if w.holds(layer, n, false) {
			asIs++
		}
		if w.holds(layer, n, true) {
			turned++
		}
	}
	if turned <= asIs {
		return nil
	}
	for name, p := range w.placed.of {
		if p.other != nil {
			p.value, p.other = p.other, p.value
			w.placed.of[name] = p
		}
	}
	return nil
}

// holds reports whether a layer gives what was recorded for it, if it is fed what was recorded;
// turned: in the other order of axes, where there are two.
func (w *walk) holds(layer *single, n *nn.Node, turned bool) bool {
	values := map[string]*nn.Tensor{}
	for _, v := range append(slices.Clone(n.Inputs), n.Name) {
		x := w.fed[v] // of the input
		if p, ok := w.placed.of[v]; ok {
			if x = p.value; turned && p.other != nil {
				x = p.other
			}
		}
		if x == nil {
			return false
		}
		values[v] = x
	}
	y, err := layer.run(values)
	return err == nil && w.agree(y, values[n.Name])
}
