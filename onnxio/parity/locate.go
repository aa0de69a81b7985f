package parity

import (
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity/cause"
)

// locate finds the first wrong layer and the cause of outputs that differ.
func (c *comparison) locate() error {
	if c.innerRecorded() { // else the output says nothing of the layer that gives it
		c.FirstWrong = firstWrong(c.im, c.Layers)
	}
	if c.innerRecorded() && c.FirstWrong == nil && c.outputDiffers() {
		c.FirstWrong = &FirstWrong{Layer: c.outputName(), Value: c.im.Output, Nodes: []string{},
			Isolated: c.Output.relative(), Accumulated: c.Output.relative(), Worst: &c.Output.Worst}
		if row := c.walk.rowOf(c.im.Network.Outputs()[0].Name); row != nil && row.Verdict == Equal {
			c.FirstWrong.Behind = nameFor(c.im, *row)
		}
	}
	if c.ownFault() {
		return c.locateOwn()
	}
	if !c.o.Why || c.walk.exact || c.noNumbers() {
		return nil
	}
	if training, err := c.inTraining(); err != nil || training {
		return err
	}
	if c.o.Progress != nil {
		c.o.Progress("the search for a cause")
	}
	k := cause.Case{Net: c.im.Network, Inputs: map[string]*nn.Tensor{c.im.Network.Inputs()[0].Name: c.input}, Want: map[string]*nn.Tensor{}, Error: c.walk.tol.Share,
		Behind: c.FirstWrong != nil && c.FirstWrong.Behind != ""}
	for layer, p := range c.walk.placed.of {
		if !c.walk.rounded[layer] { // off by more than the tolerance, and right
			k.Want[layer] = p.value
		}
	}
	if a := c.walk.alongside; a != nil { // a search goes back and forth
		all, _, err := a.all()
		if err != nil {
			return err
		}
		k.Want = all
	}
	k.Want[c.im.Network.Outputs()[0].Name] = c.want
	for _, u := range c.Unplaced {
		if u.only != "" {
			continue
		}
		k.Unplaced = append(k.Unplaced, cause.Tensor{Name: u.Name, Tensor: u.value})
	}
	found, err := cause.Find(c.ctx, k)
	if err != nil {
		return err
	}
	if found.Cause != nil {
		c.Cause = causeOf(found.Cause)
		c.atCause()
	}
	return nil
}

// noNumbers reports whether the reference's output has infinities or NaN where gonn's has
// something else: no correction of a setting is known by that.
func (c *comparison) noNumbers() bool {
	own := c.walk.own[c.im.Network.Outputs()[0].Name]
	for i, v := range c.want.Data {
		if finite := v-v == 0; !finite && v != own.Data[i] {
			return true
		}
	}
	return false
}

// ownFault reports whether the file in float64 gives what was recorded, and gonn does not: no
// correction of the network is looked for then.
func (c *comparison) ownFault() bool {
	t := c.Truth
	return t != nil && !c.walk.exact && *t.Reference < t.Own/10 && c.o.Tolerance.Share(rounded(c.exact), c.asFile(c.want)) <= 1
}

// asFile gives an output as the file has it.
func (c *comparison) asFile(y *nn.Tensor) *nn.Tensor {
	if x, err := c.im.OutputOrder.ToFile(y); err == nil {
		return x
	}
	return y
}

// locateOwn finds the layer that gonn computes otherwise than the file says.
func (c *comparison) locateOwn() error {
	r := &Recorded{Inputs: map[string]*nn.Tensor{c.im.Input: c.file}}
	beside, err := Layers(c.ctx, c.model, r, Options{Tolerance: c.o.Tolerance, Progress: c.o.Progress})
	if err != nil {
		return err
	}
	c.Fault, c.FirstWrong = true, beside.FirstWrong
	return nil
}

// innerRecorded reports whether the reference has values of layers besides the output.
func (c *comparison) innerRecorded() bool {
	n := 0
	for layer := range c.walk.placed.of {
		if layer != c.im.Network.Outputs()[0].Name {
			n++
		}
	}
	return n > 0 || c.walk.streams()
}

// outputDiffers reports whether the last layer gives what was recorded for it, and the output
// is another.
func (c *comparison) outputDiffers() bool {
	p, ok := c.walk.placed.of[c.im.Network.Outputs()[0].Name]
	return ok && !c.walk.agree(p.value, c.want)
}

// outputName is the reference's name of the output, as far as it is recorded.
func (c *comparison) outputName() string {
	for _, u := range c.Unplaced {
		if len(u.value.Data) == len(c.want.Data) && slices.Equal(u.value.Data, c.want.Data) {
			return u.Name
		}
	}
	return c.im.Output
}

// atCause makes the cause's layer the first wrong one, by the name that the user knows.
func (c *comparison) atCause() {
	if f := c.FirstWrong; f != nil && f.Own == "" && (c.Cause.Kind == "residual-missing" || f.Behind != "") { // the reference's layer is known
		c.rename(f.Layer)
		return
	}
	f := &FirstWrong{Layer: c.Cause.Layer, Nodes: []string{}, Isolated: c.Output.relative(), Accumulated: c.Output.relative()}
	for _, l := range c.Layers {
		if l.Layer != c.Cause.Layer || l.Layer == "" {
			continue
		}
		f.Layer, f.Own, f.Value, f.Nodes = nameFor(c.im, l), l.Layer, l.Value, l.Nodes
		if l.Isolated != nil {
			f.Isolated, f.Accumulated, f.Worst = l.Isolated.relative(), l.Accumulated.relative(), &l.Isolated.Worst
		}
		c.rename(f.Layer)
		break
	}
	c.FirstWrong = f
}

// rename gives the cause's layer another name.
func (c *comparison) rename(layer string) {
	if text, ok := strings.CutPrefix(c.Cause.Text, c.Cause.Layer+":"); ok {
		c.Cause.Text = layer + ":" + text
	}
	c.Cause.Layer = layer
}
