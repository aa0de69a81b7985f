package optim

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// base is the common part of all optimizers.
type base struct {
	config   Config // with defaults, without settings of groups
	params   []*nn.Param
	settings []paramSettings // one a parameter
	lr       float64
	state    State
	sum      []float32 // buffer for a gradient with weight decay
}

// paramSettings are the settings of one parameter.
type paramSettings struct {
	lr     float64 // Group.LR; 0 for the optimizer's
	decay  decay
	frozen bool // whether it was frozen when the optimizer was made
}

// remember adds moments with these names, filled with start.
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

// step calls rule for every trained parameter, with its index, its values, its gradient after
// weight decay, and its learning rate.
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

// check returns an error if a step is not possible with these gradients.
func (b *base) check(grads nn.Grads) error {
	for i, p := range b.params {
		if !p.Trained() {
			continue
		}
		if b.settings[i].frozen {
			return fmt.Errorf("parameter %s was frozen when the optimizer was made: make a new one to train it", p.FullName())
		}
		if err := p.CheckData(); err != nil {
			return err
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

// moment is moment k of parameter i.
func (b *base) moment(k, i int) []float32 { return b.state.Moments[k].Values[i] }
