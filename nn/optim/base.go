package optim

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// base is what all optimizers share.
type base struct {
	config   Config // complete, of parameters whose group has no settings of its own
	params   []*nn.Param
	settings []paramSettings // one a parameter
	lr       float64
	state    State
	sum      []float32 // room for a gradient with weight decay in it
}

// paramSettings are what may differ from parameter to parameter.
type paramSettings struct {
	lr     float64 // of its group at config.LR; 0 for the optimizer's
	decay  decay
	frozen bool // when the optimizer was made
}

// remember makes room for vectors of these names, a moment each, filled with start.
func (b *base) remember(start float32, names ...string) {
	for _, name := range names {
		m := Moment{Name: name, Values: make([][]float32, len(b.params))}
		for i, p := range b.params {
			if b.settings[i].frozen {
				continue
			}
			m.Values[i] = make([]float32, len(p.Data))
			for k := range m.Values[i] {
				m.Values[i][k] = start
			}
		}
		b.state.Moments = append(b.state.Moments, m)
	}
}

func (b *base) Name() string        { return b.config.Name }
func (b *base) Params() []*nn.Param { return b.params }
func (b *base) LR() float64         { return b.lr }
func (b *base) SetLR(lr float64)    { b.lr = lr }
func (b *base) State() *State       { return &b.state }

// step calls rule for every parameter that is trained, with the number of the parameter,
// its values and its gradient, after weight decay, and its learning rate.
func (b *base) step(grads nn.Grads, rule func(i int, w, g []float32, lr float64)) error {
	if err := b.check(grads); err != nil {
		return err
	}
	b.state.Steps++
	for i, p := range b.params {
		if p.Trained() {
			lr := b.rate(i)
			rule(i, p.Data, b.decayed(i, grads[p], lr), lr)
		}
	}
	return nil
}

// check is an error if a step lacks what it needs.
func (b *base) check(grads nn.Grads) error {
	for i, p := range b.params {
		if !p.Trained() {
			continue
		}
		if b.settings[i].frozen {
			return fmt.Errorf("parameter %s was frozen when the optimizer was made: make a new one to train it", p.FullName())
		}
		g, ok := grads[p]
		if !ok {
			return fmt.Errorf("parameter %s has no gradient: the gradients must come from the network that the optimizer's parameters belong to", p.FullName())
		}
		if len(g) != len(p.Data) {
			return fmt.Errorf("parameter %s has %d values, its gradient %d", p.FullName(), len(p.Data), len(g))
		}
	}
	return nil
}

// rate is the learning rate of parameter i.
func (b *base) rate(i int) float64 {
	if own := b.settings[i].lr; own != 0 {
		return own * (b.lr / b.config.LR)
	}
	return b.lr
}

// moment is number k of the vectors remembered for parameter i.
func (b *base) moment(k, i int) []float32 { return b.state.Moments[k].Values[i] }
