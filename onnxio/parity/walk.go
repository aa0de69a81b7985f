package parity

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// walk runs a network layer by layer, each twice: behind the layers in front of it, and fed
// what the reference has for its inputs. Values are dropped when nobody reads them any more,
// so that memory does not grow with the depth.
type walk struct {
	im     *onnxio.Imported
	tol    Tolerance
	placed *placement
	see    func(layer string) // progress, may be nil
	maps   bool               // Options.Maps

	own       map[string]*nn.Tensor   // what gonn computes
	fed       map[string]*nn.Tensor   // the reference's values, or what gonn computes from them
	readers   map[string]int          // how many layers have still to read a value
	instead   map[string][]*nn.Tensor // what layers that are missing behind a layer give in the reference
	waits     map[string]bool         // layers whose value in float64 is still to come
	rounded   map[string]bool         // layers that are off by rounding alone, beyond the tolerance
	alongside *alongside              // gives the reference's values one by one, nil if they are recorded
	exact     bool                    // the reference is the file in float64, whose values come one by one
	next      int                     // index of the next layer
	layers    []Layer
}

func newWalk(im *onnxio.Imported, input *nn.Tensor, p *placement, tol Tolerance) *walk {
	in := im.Network.Inputs()[0].Name
	w := &walk{im: im, tol: tol, placed: p, readers: readersOf(im.Network), instead: map[string][]*nn.Tensor{}, waits: map[string]bool{}, rounded: map[string]bool{},
		own: map[string]*nn.Tensor{in: input}, fed: map[string]*nn.Tensor{in: input}}
	return w
}

// readersOf counts for each value the operands that it is, an output of the network being one.
func readersOf(net *nn.Network) map[string]int {
	readers := map[string]int{}
	for _, n := range net.Nodes() {
		for _, in := range n.Inputs {
			readers[in]++
		}
	}
	for _, o := range net.Outputs() {
		readers[o.Name]++
	}
	return readers
}

// rowOf is the row of a layer that has been run, nil before.
func (w *walk) rowOf(layer string) *Layer {
	i := slices.IndexFunc(w.layers, func(l Layer) bool { return l.Layer == layer })
	if i < 0 {
		return nil
	}
	return &w.layers[i]
}

// step runs the next layer.
func (w *walk) step(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n, began := w.im.Network.Nodes()[w.next], time.Now()
	w.next++
	if w.see != nil {
		w.see("layer " + n.Name)
	}
	layer, err := newSingle(w.im.Network, n)
	if err != nil {
		return err
	}
	own, err := layer.run(w.own)
	if err != nil {
		return err
	}
	alone := own
	if slices.ContainsFunc(n.Inputs, func(in string) bool { return w.fed[in] != w.own[in] }) {
		if alone, err = layer.run(w.fed); err != nil {
			return err
		}
	}
	if w.alongside != nil {
		x, err := w.alongside.next(n.Name)
		if err != nil {
			return err
		}
		w.placed.of[n.Name] = placed{name: n.Name, value: x}
	}
	w.settle(n, alone)
	row, err := w.row(n, own, alone)
	if err != nil {
		return err
	}
	fed := alone
	switch p, recorded := w.placed.of[n.Name]; {
	case row.Verdict == Equal:
		w.clear(n)
		fed = p.value
	case row.Verdict == Wrong && recorded:
		if fed, err = w.judge(layer, n, &row, alone); err != nil {
			return err
		}
	}
	row.Took = time.Since(began)
	w.layers = append(w.layers, row)
	w.own[n.Name], w.fed[n.Name] = own, fed
	for _, in := range n.Inputs {
		if w.readers[in]--; w.readers[in] == 0 {
			w.drop(in)
		}
	}
	return nil
}

// row holds a layer against the reference's value.
func (w *walk) row(n *nn.Node, own, alone *nn.Tensor) (Layer, error) {
	row := Layer{Layer: n.Name, Kind: n.Layer.Kind(), Shape: n.Shape, Inputs: n.Inputs, Verdict: NotRecorded, Nodes: []string{}, weighs: len(n.Params) > 0}
	if from := w.im.Layer(n.Name); from != nil {
		for _, f := range from.Nodes {
			row.Nodes = append(row.Nodes, cmp.Or(f.Name, f.Outputs[0]))
		}
		if len(from.Values) > 0 {
			row.Value = from.Values[0].Name
		}
	}
	if u, ok := w.placed.misfits[n.Name]; ok {
		row.Reference, row.Verdict, row.Note = u.Name, Wrong, fmt.Sprintf("the reference has shape %v", u.Shape)
		row.misfit = u.Shape
		return row, nil
	}
	p, ok := w.placed.of[n.Name]
	if !ok {
		return row, nil
	}
	var err error
	row.Reference = p.name
	if row.Isolated, err = w.mapped(n.Name, alone, p.value); err != nil {
		return row, err
	}
	row.Accumulated = row.Isolated
	if own != alone {
		if row.Accumulated, err = errorsOf(n.Name, own, p.value, w.tol); err != nil {
			return row, err
		}
	}
	if row.Verdict = Equal; !row.Isolated.Equal {
		row.Verdict = Wrong
	}
	return row, nil
}

// mapped is errorsOf with a map, if maps are wanted.
func (w *walk) mapped(name string, got, want *nn.Tensor) (*Errors, error) {
	e, err := errorsOf(name, got, want, w.tol)
	if err == nil && w.maps {
		e.Map = errorMapOf(got, want)
	}
	return e, err
}

// drop forgets a value that no layer reads any more.
func (w *walk) drop(name string) {
	if w.readers[name] > 0 || w.waits[name] {
		return
	}
	delete(w.own, name)
	delete(w.fed, name)
	if w.streams() {
		delete(w.placed.of, name)
	}
}

// streams reports whether the reference's values come one by one, and are forgotten.
func (w *walk) streams() bool { return w.exact || w.alongside != nil }

// finish runs the layers that are left.
func (w *walk) finish(ctx context.Context) error {
	for w.next < len(w.im.Network.Nodes()) {
		if err := w.step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// reaches runs the layers up to one.
func (w *walk) reaches(ctx context.Context, layer string) error {
	for w.rowOf(layer) == nil && w.next < len(w.im.Network.Nodes()) {
		if err := w.step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// truth enters the errors of both sides against a file's value in float64.
func (w *walk) truth(v onnxio.RecoveredValue, exact *reference.Tensor) error {
	row := w.rowOf(v.Layer)
	if row == nil || w.own[v.Layer] == nil || exact.Floats == nil {
		return nil
	}
	own, err := v.ToFile(w.own[v.Layer])
	if err != nil {
		return err
	}
	t := &Truth{Own: Number(exactError(own, exact.Floats))}
	if p, ok := w.placed.of[v.Layer]; ok {
		recorded, err := v.ToFile(p.value)
		if err != nil {
			return err
		}
		e := Number(exactError(recorded, exact.Floats))
		t.Reference = &e
	}
	row.Truth = t
	return nil
}

// exactError is the largest |a − t| relative to the largest |t|.
func exactError(a *nn.Tensor, truth []float64) float64 {
	if len(a.Data) != len(truth) {
		return math.NaN()
	}
	var most, scale float64
	for i, t := range truth {
		if x := float64(a.Data[i]); x != t {
			most = nanMax(most, math.Abs(x-t))
		}
		if v := math.Abs(t); v > scale && !math.IsInf(v, 0) {
			scale = v
		}
	}
	if most == 0 {
		return 0
	}
	return most / scale
}

// refer makes a file's value in float64 the reference's value of its layer.
func (w *walk) refer(v onnxio.RecoveredValue, exact *reference.Tensor) error {
	y, err := v.ToNetwork(rounded(exact))
	if err == nil {
		w.placed.of[v.Layer] = placed{name: v.Name, value: y}
	}
	return err
}

// rounded is a value of float64 in float32.
func rounded(x *reference.Tensor) *nn.Tensor {
	y := nn.NewTensor(slices.Clone(x.Shape)...)
	for i, v := range x.Floats {
		y.Data[i] = float32(v)
	}
	return y
}
