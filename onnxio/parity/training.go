package parity

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/parity/cause"
)

// A reference that is recorded in training mode normalises by the statistics of the batch, and its
// dropout sets values to zero. No network of inference gives that.

// trained says how a recorded value is what a layer gives in training; "" if it is not. byBatch is
// what a batch normalisation gives then, nil for other layers.
func (w *walk) trained(alone, byBatch, recorded *nn.Tensor) string {
	switch {
	case isDropped(alone, recorded):
		return droppedText(alone, recorded)
	case byBatch != nil && w.agree(byBatch, recorded):
		return "it normalises by the mean and variance of the batch, as in training"
	}
	return ""
}

// byBatch is what a batch normalisation gives in training, by the statistics of the batch; nil for
// other layers.
func (w *walk) byBatch(n *nn.Node, values map[string]*nn.Tensor) (*nn.Tensor, error) {
	if _, ok := n.Layer.(layer.BatchNorm); !ok {
		return nil, nil
	}
	l, err := newSingle(w.im.Network, n)
	if err != nil {
		return nil, err
	}
	x := values[n.Inputs[0]]
	mean, variance := statistics(x)
	own := l.net.Node(n.Name)
	for _, p := range own.Params {
		switch p.Name {
		case "running_mean":
			copy(p.Data, mean)
		case "running_var":
			copy(p.Data, variance)
		}
	}
	if l, err = l.again(); err != nil {
		return nil, err
	}
	return l.run(values)
}

// statistics are the mean and the variance of each channel over a batch.
func statistics(x *nn.Tensor) (mean, variance []float32) {
	channels := x.Shape[1]
	area := nn.Shape(x.Shape[2:]).Size()
	count := float64(x.Shape[0] * area)
	for c := range channels {
		var sum, squares float64
		each := func(f func(v float64)) {
			for i := range x.Shape[0] {
				for _, v := range x.Sample(i)[c*area : (c+1)*area] {
					f(float64(v))
				}
			}
		}
		each(func(v float64) { sum += v })
		m := sum / count
		each(func(v float64) { squares += (v - m) * (v - m) })
		mean, variance = append(mean, float32(m)), append(variance, float32(squares/count))
	}
	return mean, variance
}

// leastDropped are how many values must be zero for a dropout, and how many must be left.
const leastDropped = 4

// isDropped reports whether a value is another one after dropout in training: some elements are 0,
// and all others multiplied by one factor above 1.
func isDropped(x, y *nn.Tensor) bool {
	return dropFactor(x, y) > 0
}

// dropFactor is the factor of isDropped, 0 if the value is no such one.
func dropFactor(x, y *nn.Tensor) float64 {
	if len(x.Data) != len(y.Data) {
		return 0
	}
	largest := 0
	zeros, left := 0, 0
	for i, v := range x.Data {
		switch {
		case v == 0 && y.Data[i] == 0:
		case y.Data[i] == 0:
			zeros++
		default:
			left++
			if math.Abs(float64(y.Data[i])) > math.Abs(float64(y.Data[largest])) {
				largest = i
			}
		}
	}
	if zeros < leastDropped || left < leastDropped {
		return 0
	}
	factor := float64(y.Data[largest]) / float64(x.Data[largest])
	if !(factor > 1) || math.IsInf(factor, 0) {
		return 0
	}
	near := 1e-4 * math.Abs(float64(y.Data[largest]))
	for i, v := range x.Data {
		if b := float64(y.Data[i]); b != 0 && !(math.Abs(float64(v)*factor-b) <= near) {
			return 0
		}
	}
	// Of n values dropout takes n·p, give or take; p follows from the factor.
	n := float64(zeros + left)
	p := 1 - 1/factor
	if math.Abs(float64(zeros)-n*p) > 6*math.Sqrt(n*p*(1-p))+1 {
		return 0
	}
	return factor
}

func droppedText(x, y *nn.Tensor) string {
	return fmt.Sprintf("its values are those of dropout in training: some are 0, the others multiplied by %.3g", dropFactor(x, y))
}

// inTraining makes the mode of the recording the cause if that explains all layers that differ, or
// the output where no layer in front of it was recorded. It reports whether the recording is of
// training: corrections of the network would not make the outputs agree with that.
func (c *comparison) inTraining() (bool, error) {
	var which []string
	for _, l := range c.Layers {
		if l.Training {
			which = append(which, nameFor(c.im, l))
		}
	}
	if len(which) == 0 {
		err := c.inTrainingThroughout()
		return c.Cause != nil, err
	}
	text := fmt.Sprintf("recorded in training mode (it shows in %s): call model.eval() (in Keras training=False) before recording", listed(which))
	if c.FirstWrong != nil && len(c.FirstWrong.With) == 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("The reference was %s. Layers are held against what it gives in training.", text))
		return true, nil
	}
	c.FirstWrong = nil // those in front that were not recorded may be as in training
	c.Cause = &Cause{Kind: cause.TrainingMode, Text: "the reference was " + text, Layer: which[0], Before: c.before(), Uncorrected: true}
	return true, nil
}

// before is the error of the output as a share of the tolerance.
func (c *comparison) before() Number {
	return Number(c.walk.tol.Share(c.walk.own[c.im.Network.Outputs()[0].Name], c.want))
}

// inTrainingThroughout tries the output of the network with each batch normalisation by the
// statistics of the batch.
func (c *comparison) inTrainingThroughout() error {
	if c.innerRecorded() || c.walk.exact {
		return nil
	}
	net := c.im.Network
	values := map[string]*nn.Tensor{net.Inputs()[0].Name: c.input}
	readers := readersOf(net)
	first := ""
	for _, n := range net.Nodes() {
		y, err := c.walk.byBatch(n, values)
		if err != nil {
			return err
		}
		if y == nil {
			l, err := newSingle(net, n)
			if err != nil {
				return err
			}
			if y, err = l.run(values); err != nil {
				return err
			}
		} else if first == "" {
			first = n.Name
		}
		values[n.Name] = y
		for _, in := range n.Inputs {
			if readers[in]--; readers[in] == 0 {
				delete(values, in)
			}
		}
	}
	if first == "" {
		return nil
	}
	after := c.walk.tol.Share(values[net.Outputs()[0].Name], c.want)
	if after > 1 || !(float64(c.before()) > 10*after) {
		return nil
	}
	c.Cause = &Cause{Kind: cause.TrainingMode, Layer: first, Before: c.before(), After: Number(after),
		Text: "the reference was recorded in training mode: normalised by the mean and variance of the batch the outputs agree: call model.eval() (in Keras training=False) before recording"}
	return nil
}

// listed names the first few of a list.
func listed(names []string) string {
	const most = 4
	if len(names) <= most {
		return joined(names)
	}
	return fmt.Sprintf("%s and %d more", joined(names[:most]), len(names)-most)
}

func joined(names []string) string {
	s := ""
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			s += " and "
		default:
			s += ", "
		}
		s += name
	}
	return s
}
