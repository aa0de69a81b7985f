package replay

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// update is clipping and the optimizer, on parameters in the recorded layout. Two networks may
// share a recorded parameter; the framework updates it once.
type update struct {
	params map[string]*nn.Param
	order  []*nn.Param // those that are trained
	clip   optim.Clip
	groups []optim.Optimizer
	rates  [][]float64 // by group and step
	first  int         // steps taken before the first one recorded
	slots  []string    // the framework's names of the state
}

func newUpdate(d *bundle.Description, s nn.Semantics) (*update, error) { return newUpdateAt(d, s, 0) }

// newUpdateAt is the update with the optimizer's constants of step k.
func newUpdateAt(d *bundle.Description, s nn.Semantics, k int) (*update, error) {
	u := &update{params: map[string]*nn.Param{}, first: d.Optimizer.Iterations,
		clip: optim.Clip{Semantics: s, Norm: d.Clip.Norm, Each: d.Clip.Each, Value: d.Clip.Value}}
	if err := u.clip.Check(); err != nil {
		return nil, err
	}
	for _, p := range d.Parameters {
		if !p.Trained {
			continue
		}
		shape := op.Shape(p.Shape)
		param := &nn.Param{ParamSpec: op.ParamSpec{Shape: shape}, Data: make([]float32, shape.Size())}
		cut := max(strings.LastIndexAny(p.Name, "./"), 0)
		param.Layer, param.Name = p.Name[:cut], strings.TrimLeft(p.Name[cut:], "./")
		u.params[p.Name] = param
		u.order = append(u.order, param)
	}
	return u, u.makeGroups(d, s, k)
}

// makeGroups makes the optimizers of the groups, with the constants of step k.
func (u *update) makeGroups(d *bundle.Description, s nn.Semantics, k int) error {
	u.groups, u.rates = nil, nil
	own := d.Optimizer.At(k)
	for i, g := range d.Optimizer.Groups {
		var params []*nn.Param
		for _, name := range g.Params {
			if p := u.params[name]; p != nil {
				params = append(params, p)
			}
		}
		if len(params) == 0 {
			continue
		}
		o, err := newOptimizer(own, g, params, s)
		if err != nil {
			return fmt.Errorf("group %d: %w", i, err)
		}
		recorded, err := newOptimizer(own, g, params, d.FrameworkSemantics())
		if err != nil {
			return fmt.Errorf("group %d: %w", i, err)
		}
		u.slots = nil
		for _, m := range recorded.State().Moments {
			u.slots = append(u.slots, m.Name)
		}
		u.groups, u.rates = append(u.groups, o), append(u.rates, g.LR)
	}
	return nil
}

// goOn takes the constants of step k, where they change from step to step; the state stays.
func (u *update) goOn(d *bundle.Description, s nn.Semantics, k int) error {
	if len(d.Optimizer.ByStep) == 0 {
		return nil
	}
	before := u.groups
	if err := u.makeGroups(d, s, k); err != nil {
		return err
	}
	for i, o := range u.groups {
		from, to := before[i].State(), o.State()
		to.Steps = from.Steps
		for slot, m := range from.Moments {
			for p, v := range m.Values {
				copy(to.Moments[slot].Values[p], v)
			}
		}
	}
	return nil
}

func newOptimizer(o bundle.Optimizer, g bundle.Group, params []*nn.Param, s nn.Semantics) (optim.Optimizer, error) {
	return optim.NewGroups(o.Config(g, s), []optim.Group{{Params: params, NoDecay: g.WeightDecay == 0}})
}

// load gives parameters and state recorded values. A slot that is not recorded has not been used:
// it is as at the start.
func (u *update) load(d *bundle.Description, s nn.Semantics, k int, from *bundle.State) error {
	if len(from.Moments) == 0 && k > 0 && len(u.slots) > 0 {
		return fmt.Errorf("the bundle has no state of the optimizer before step %d, of slots %s", k, strings.Join(u.slots, ", "))
	}
	fresh, err := newUpdateAt(d, s, k)
	if err != nil {
		return err
	}
	*u = *fresh
	names := map[*nn.Param]string{}
	for name, p := range u.params {
		copy(p.Data, from.Values[name])
		names[p] = name
	}
	for _, o := range u.groups {
		state := o.State()
		state.Steps = u.first + k
		for slot, m := range state.Moments {
			for i, p := range o.Params() {
				if v := from.Moments[u.slots[slot]][names[p]]; v != nil {
					copy(m.Values[i], v)
				}
			}
		}
	}
	return nil
}

// clipped are gradients behind clipping, in memory of their own.
func (u *update) clipped(grads map[string][]float32) map[string][]float32 {
	out := map[string][]float32{}
	by := nn.Grads{}
	for name, p := range u.params {
		out[name] = append([]float32(nil), grads[name]...)
		by[p] = out[name]
	}
	u.clip.Apply(u.order, by)
	return out
}

// step updates the parameters by gradients that are clipped already.
func (u *update) step(k int, grads map[string][]float32) error {
	by := nn.Grads{}
	for name, p := range u.params {
		by[p] = grads[name]
	}
	for i, o := range u.groups {
		o.SetLR(u.rates[i][k])
		if err := o.Step(by); err != nil {
			return err
		}
	}
	return nil
}
