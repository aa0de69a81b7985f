package parity

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// A layer that does not give what was recorded for it is not wrong yet. It may round by as much,
// it may have been fed what is another layer's, or the recording may hold something else than
// its output.

// judge decides about a layer that does not give what was recorded for it, and gives what the
// layers behind it are fed.
func (w *walk) judge(l *single, n *nn.Node, row *Layer, alone *nn.Tensor) (fed *nn.Tensor, err error) {
	p := w.placed.of[n.Name]
	rounds, err := w.rounds(l, alone, row.Isolated)
	if err != nil {
		return nil, err
	}
	if rounds {
		row.Verdict, row.Note = Equal, "its inputs cancel each other: their last digits alone move it by as much"
		w.rounded[n.Name] = true
		return p.value, nil
	}
	y, err := w.explained(l, n)
	if err != nil {
		return nil, err
	}
	if y != nil {
		p.guessed = false
		w.placed.of[n.Name] = p
		row.Verdict = Equal
		row.Isolated, err = w.mapped(n.Name, y, p.value)
		return p.value, err
	}
	if y, err = w.byBatch(n, w.fed); err != nil {
		return nil, err
	}
	by, inTraining := w.overwrittenBy(n, alone, p.value), false
	if by == "" && y != nil {
		by = w.overwrittenBy(n, y, p.value)
		inTraining = by != ""
	}
	switch by = cmp.Or(by, w.recordedAgain(n, p.value)); {
	case inTraining:
		w.overwritten(n, p, by)
		p.value = y
		w.placed.of[n.Name] = p
		if row.Isolated, err = w.mapped(n.Name, alone, y); err != nil {
			return nil, err
		}
	case by != "":
		w.overwritten(n, p, by)
		delete(w.placed.of, n.Name)
		w.forget(row)
		row.Note = "what was recorded for it is what " + by + " gives"
		return alone, nil
	}
	row.Note = w.trained(alone, y, p.value)
	row.Training = row.Note != ""
	switch {
	case row.Training:
		return p.value, nil
	case p.guessed:
		row.Guessed, row.Note = true, fmt.Sprintf("%q may be another layer's: its order or its shape alone say that it is this one's", p.name)
	case !hasNaN(p.value) || hasNaN(alone):
		return p.value, nil
	}
	w.instead[n.Name] = append(w.instead[n.Name], p.value)
	return alone, nil
}

// overwritten lists what was recorded for a layer as that of another, which has overwritten it.
func (w *walk) overwritten(n *nn.Node, p placed, by string) {
	w.placed.leave(p.name, p.value, fmt.Sprintf("layer %s has overwritten it in place: record a copy, as y.detach().clone()", cmp.Or(w.placed.of[by].name, by)))
	w.placed.unplaced[len(w.placed.unplaced)-1].only = by
}

// forget makes a row that of a layer without a recorded value.
func (w *walk) forget(row *Layer) {
	row.Reference, row.Verdict, row.Note, row.Isolated, row.Accumulated = "", NotRecorded, "", nil, nil
	row.Guessed, row.Training = false, false
}

func hasNaN(x *nn.Tensor) bool { return slices.ContainsFunc(x.Data, isNaN) }

const (
	// lastDigit is a change of a float32 in its last digit, relative to it.
	lastDigit = 1.0 / (1 << 23)
	// roundings are how many times as much as changes of the last digits of its inputs move it a
	// layer may be off: the rounding of two programs that compute it in another order.
	roundings = 8
	// mostRounded is an error relative to the scale above which nothing is called rounding.
	mostRounded = 0.01
)

// rounds reports whether a layer is off by no more than a change of its inputs in their last digits
// moves it, as where large values cancel each other: a normalisation of values around 1000.
func (w *walk) rounds(l *single, alone *nn.Tensor, e *Errors) (bool, error) {
	if !(e.relative() <= mostRounded) {
		return false, nil
	}
	moved := map[string]*nn.Tensor{}
	for _, in := range l.node.Inputs {
		if moved[in] != nil {
			continue
		}
		x := w.fed[in]
		y := nn.NewTensor(x.Shape...)
		for i, v := range x.Data {
			by := float32(lastDigit)
			if uint32(i)*2654435761>>31 == 1 { // about half of them, without a pattern
				by = -by
			}
			y.Data[i] = v + v*by
		}
		moved[in] = y
	}
	y, err := l.run(moved)
	if err != nil {
		return false, err
	}
	most := 0.0
	for i, v := range y.Data {
		most = nanMax(most, math.Abs(float64(v)-float64(alone.Data[i])))
	}
	return float64(e.MaxError) <= roundings*most, nil
}

// mostAhead bounds the layers that are run to see what has overwritten a value.
const mostAhead = 24

// overwrittenBy is the layer behind one whose output was recorded in its place, since it works in
// place: a ReLU behind a normalisation, or the sum of a residual block. "" if there is none.
func (w *walk) overwrittenBy(n *nn.Node, alone, recorded *nn.Tensor) string {
	if w.streams() {
		return ""
	}
	net, left := w.im.Network, mostAhead
	ahead := map[string]*nn.Tensor{n.Name: alone}
	var value func(name string) *nn.Tensor
	value = func(name string) *nn.Tensor {
		if x := ahead[name]; x != nil {
			return x
		}
		if x := w.fed[name]; x != nil {
			return x
		}
		node := net.Node(name)
		if node == nil || left == 0 {
			return nil
		}
		left--
		for _, in := range node.Inputs {
			if ahead[in] = value(in); ahead[in] == nil {
				return nil
			}
		}
		l, err := newSingle(net, node)
		if err != nil {
			return nil
		}
		y, err := l.run(ahead)
		if err != nil {
			return nil
		}
		return y
	}
	at := n
	for left > 0 {
		if at = w.inPlace(at); at == nil {
			return ""
		}
		y := value(at.Name)
		if y == nil || w.agree(y, recorded) {
			if y != nil {
				return at.Name
			}
			return ""
		}
		ahead[at.Name] = y
	}
	return ""
}

// recordedAgain is the layer behind one for which the very same was recorded, and which works in
// place; "" if there is none.
func (w *walk) recordedAgain(n *nn.Node, recorded *nn.Tensor) string {
	if w.streams() {
		return ""
	}
	for at := w.inPlace(n); at != nil; at = w.inPlace(at) {
		if p, ok := w.placed.of[at.Name]; ok && sameData(p.value, recorded) {
			return at.Name
		}
	}
	return ""
}

// inPlace is the layer that may write over what a layer gives, nil if there is none.
func (w *walk) inPlace(n *nn.Node) *nn.Node {
	for _, r := range w.im.Network.Nodes() {
		if slices.Contains(r.Inputs, n.Name) && worksInPlace(r.Layer) {
			return r
		}
	}
	return nil
}

// worksInPlace reports whether a framework may let a layer write over its input.
func worksInPlace(l nn.Layer) bool {
	switch l.(type) {
	case activation.Layer, layer.Add, layer.Mul, layer.Rescaling:
		return true
	}
	return false
}
