package parity

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Recorded names do not tell everything. An exporter may have put a normalisation into the
// convolution in front: what was recorded for this is not in the file, and the file's value
// is what was recorded for the other. A file of other names has only its numbers. So a
// recorded tensor without a certain place is that of a layer if it is what the layer gives.

// alike bounds ‖a − b‖ / ‖b‖ of two tensors that are the same value, of a network that may
// have noise in its weights or a small fault.
const alike = 0.02

// settle gives a layer the recorded tensor that is most like what it computes when it is fed
// the reference's inputs: its own, in either order of axes; one without a layer; or one that
// was guessed for a later layer.
func (w *walk) settle(n *nn.Node, alone *nn.Tensor) {
	now, has := w.placed.of[n.Name]
	best := alike
	var name string
	var y *nn.Tensor
	take := func() {} // from where it is now
	if has {
		for _, x := range []*nn.Tensor{now.value, now.other} {
			if d := distance(alone, x); d <= best {
				best, name, y = d, now.name, x
			}
		}
	}
	consider := func(other string, x *nn.Tensor, from func()) {
		first, last := w.placed.asLayer(n.Name, x)
		for _, x := range []*nn.Tensor{first, last} {
			if d := distance(alone, x); d < best {
				best, name, y, take = d, other, x, from
			}
		}
	}
	for i, u := range w.placed.unplaced {
		if u.only != "" && u.only != n.Name {
			continue
		}
		consider(u.Name, u.value, func() { w.placed.unplaced = slices.Delete(w.placed.unplaced, i, i+1) })
	}
	for _, later := range w.im.Network.Nodes()[w.next:] {
		if p, ok := w.placed.of[later.Name]; ok && p.guessed {
			consider(p.name, p.value, func() { delete(w.placed.of, later.Name) })
		}
	}
	if y == nil {
		return
	}
	take()
	if has && now.name != name {
		w.placed.leave(now.name, now.value, fmt.Sprintf("layer %s gives %q: the file has no value of its own for it", n.Name, name))
	}
	w.placed.of[n.Name] = placed{name: name, value: y}
	if u, ok := w.placed.misfits[n.Name]; ok { // the name is another's
		delete(w.placed.misfits, n.Name)
		w.placed.unplaced = append(w.placed.unplaced, u)
	}
}

// distance is ‖a − b‖ / ‖b‖, infinite for tensors of other shapes or none.
func distance(a, b *nn.Tensor) float64 {
	if b == nil || !nn.Shape(a.Shape).Equal(b.Shape) {
		return math.Inf(1)
	}
	var d, size float64
	for i, v := range b.Data {
		e := float64(a.Data[i]) - float64(v)
		d, size = d+e*e, size+float64(v)*float64(v)
	}
	if d == 0 {
		return 0
	}
	return math.Sqrt(d / size) // NaN is like nothing
}

// agree reports whether two tensors are equal within the tolerance.
func (w *walk) agree(got, want *nn.Tensor) bool {
	if !nn.Shape(got.Shape).Equal(want.Shape) {
		return false
	}
	r, err := Tensors("", got, want, w.tol)
	return err == nil && r.Equal
}

// explained is what a layer gives that is wrong only because of what it was fed, nil for one
// that is wrong by itself: it gives the reference's value if it is fed another recorded tensor
// for one of its inputs. That is what was guessed for this input, which is wrong then; or the
// value of an input that had none; or that of a layer which the reference has in between, and
// the network lacks.
func (w *walk) explained(layer *single, n *nn.Node) (*nn.Tensor, error) {
	for _, in := range slices.Compact(slices.Sorted(slices.Values(n.Inputs))) {
		for _, x := range w.instead[in] {
			y, err := w.mended(layer, n, in, x)
			if err != nil {
				return nil, err
			}
			if y != nil {
				w.confirm(in, x)
				return y, nil
			}
		}
		for i, u := range w.placed.unplaced {
			if u.only != "" && u.only != in {
				continue
			}
			first, last := w.placed.asLayer(in, u.value)
			for _, x := range []*nn.Tensor{first, last} {
				y, err := w.mended(layer, n, in, x)
				if err != nil {
					return nil, err
				}
				if y != nil {
					w.placed.unplaced = slices.Delete(w.placed.unplaced, i, i+1)
					return y, w.between(in, u.Name, x)
				}
			}
		}
	}
	return nil, nil
}

// confirm makes what was guessed for a layer certain: the layer is wrong by itself.
func (w *walk) confirm(layer string, x *nn.Tensor) {
	if p, ok := w.placed.of[layer]; ok && p.guessed && p.value == x {
		p.guessed = false
		w.placed.of[layer] = p
		w.fed[layer] = x
		if row := w.rowOf(layer); row != nil {
			row.Guessed, row.Note = false, ""
		}
	}
}

// between enters a recorded tensor that layers read instead of what a layer gives: as its own,
// if it has none, else as that of a layer which the network lacks.
func (w *walk) between(in, name string, x *nn.Tensor) error {
	if row := w.rowOf(in); row != nil && row.Verdict == NotRecorded {
		row.Reference, row.Verdict = name, Wrong
		var err error
		if row.Isolated, err = w.mapped(in, w.fed[in], x); err != nil {
			return err
		}
		row.Accumulated, err = errorsOf(in, w.own[in], x, w.tol)
		w.placed.of[in] = placed{name: name, value: x}
		w.fed[in] = x
		return err
	}
	w.instead[in] = append(w.instead[in], x)
	e, err := w.mapped(name, w.fed[in], x)
	row := Layer{Kind: "missing", Shape: shapeOf(w.im.Network, in), Inputs: []string{in}, Nodes: []string{},
		Reference: name, Verdict: Missing, Isolated: e, Accumulated: e}
	if isDropped(w.fed[in], x) {
		row.Training, row.Note = true, droppedText(w.fed[in], x)
	}
	w.layers = append(w.layers, row)
	return err
}

// mended is what a layer gives if one of its inputs is x, if that is the reference's value;
// else nil.
func (w *walk) mended(layer *single, n *nn.Node, input string, x *nn.Tensor) (*nn.Tensor, error) {
	if x == nil || w.fed[input] == nil || slices.Equal(x.Data, w.fed[input].Data) {
		return nil, nil
	}
	y, err := layer.runWith(w.fed, input, x)
	if err != nil || !w.agree(y, w.placed.of[n.Name].value) {
		return nil, err
	}
	return y, nil
}

// clear takes back what was guessed for the inputs of a layer that gives the reference's value
// when it is fed what the network gives for them: they are not wrong, only not recorded. Nor are
// those wrong for which NaN was recorded.
func (w *walk) clear(n *nn.Node) {
	for _, in := range n.Inputs {
		p, ok := w.placed.of[in]
		row := w.rowOf(in)
		if !ok || row == nil || row.Verdict != Wrong || p.value == w.fed[in] {
			continue
		}
		if !p.guessed {
			row.refuted, row.Note = true, fmt.Sprintf("the recording has NaN here, and layer %s behind gives what was recorded without it", n.Name)
			continue
		}
		w.placed.leave(p.name, p.value, fmt.Sprintf("it is not what layer %s gives, which stands where it was recorded", in))
		delete(w.placed.of, in)
		w.forget(row)
	}
}
