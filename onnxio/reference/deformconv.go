package reference

import (
	"fmt"
	"math"
)

// deformConv is Conv whose taps do not lie on a grid: input 2, [N, groups·taps·axes, E1, …],
// shifts each tap for each output, and input 4, [N, groups·taps, E1, …], weighs it. Each
// group of shifts is for its part of the input channels. Between elements maps are
// linear, outside they are zero.
func deformConv(c *call) ([]*Tensor, error) {
	d, err := c.deformed()
	if err != nil {
		return nil, err
	}
	n, outs := d.x.Shape[0], d.w.Shape[0]
	bias, err := c.vector(3, outs)
	if err != nil {
		return nil, err
	}
	y, err := newTensor(d.x.Type, append([]int{n, outs}, d.out...)...)
	if err != nil {
		return nil, err
	}
	out := product(d.out)
	for p := range n * outs {
		if bias != nil {
			fill(y.Floats[p*out:][:out], bias[p%outs])
		}
	}
	for sample := range n {
		for shift := range d.shifts {
			for k := range product(d.kernel) {
				if err := c.did(out * d.w.Shape[1] * outs / d.shifts); err != nil {
					return nil, err
				}
				for o := range out {
					d.add(y.Floats, sample, shift, k, o)
				}
			}
		}
	}
	return []*Tensor{y}, nil
}

// deformed is one use of DeformConv.
type deformed struct {
	*window
	x, w          *Tensor
	group, shifts int // of channels, and of shifts
	offset, mask  []float64
}

func (c *call) deformed() (*deformed, error) {
	x, err := c.maps(0, 1)
	if err != nil {
		return nil, err
	}
	w, err := c.maps(1, 1)
	if err != nil {
		return nil, err
	}
	d := &deformed{x: x, w: w, group: c.count("group", 1, 1), shifts: c.count("offset_group", 1, 1)}
	kernel := w.Shape[2:]
	if len(w.Shape) != len(x.Shape) || w.Shape[1]*d.group != x.Shape[1] || w.Shape[0]%d.group != 0 || x.Shape[1]%d.shifts != 0 {
		return nil, fmt.Errorf("weights of shape %v in %d groups, %d groups of shifts, do not fit an input of shape %v", w.Shape, d.group, d.shifts, x.Shape)
	}
	if err := c.isKernel(kernel); err != nil {
		return nil, err
	}
	if d.window, err = c.newWindow(x.Shape[2:], kernel); err != nil {
		return nil, err
	}
	taps := d.shifts * product(kernel)
	if d.offset, err = c.need(2, append([]int{x.Shape[0], taps * len(kernel)}, d.out...)); err != nil {
		return nil, err
	}
	if c.optional(4) != nil {
		d.mask, err = c.need(4, append([]int{x.Shape[0], taps}, d.out...))
	}
	return d, err
}

// add adds to output o of all channels what tap k finds in the input channels of a group of
// shifts.
func (d *deformed) add(y []float64, sample, shift, k, o int) {
	taps, out, in := product(d.kernel), product(d.out), product(d.in)
	at := (sample*d.shifts+shift)*taps + k
	along := make([][]tap, len(d.in))
	for axis := range along {
		moved := d.offset[(at*len(d.in)+axis)*out+o]
		along[axis] = inside(float64(d.place(axis, k, o))+moved, d.in[axis])
	}
	list, weight := joint(along, d.in), 1.0
	if d.mask != nil {
		weight = d.mask[at*out+o]
	}
	ins, outs, each := d.x.Shape[1], d.w.Shape[0], d.x.Shape[1]/d.shifts
	for channel := shift * each; channel < (shift+1)*each; channel++ {
		v := 0.0
		for _, t := range list {
			v += t.weight * d.x.Floats[(sample*ins+channel)*in+t.at]
		}
		share := d.w.Shape[1] // input channels of a group
		first := channel / share * (outs / d.group)
		for m := first; m < first+outs/d.group; m++ {
			y[(sample*outs+m)*out+o] += weight * v * d.w.Floats[(m*share+channel%share)*taps+k]
		}
	}
}

// place is the input position along an axis at which tap k meets output o, both of them
// indices over all axes.
func (w *window) place(axis, k, o int) int {
	k = k / product(w.kernel[axis+1:]) % w.kernel[axis]
	o = o / product(w.out[axis+1:]) % w.out[axis]
	return o*w.stride[axis] + k*w.dilation[axis] - w.pad[axis]
}

// inside weighs the elements of an axis of n on both sides of x; there are none outside.
func inside(x float64, n int) []tap {
	var list []tap
	if !(x > -1 && x < float64(n)) {
		return nil
	}
	low := math.Floor(x)
	for _, i := range []float64{low, low + 1} {
		if i >= 0 && i < float64(n) {
			list = append(list, tap{int(i), triangle(i - x)})
		}
	}
	return list
}
