package onnxio

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// There are more ways to write an activation than any table holds. An island that no
// spelling fits is therefore judged by what it computes: it is evaluated in float64 at
// points where the functions of nn.ActFuncs differ, the parameter is read off the values,
// and the function that agrees everywhere is the activation.

// points are where islands are compared: dense near 0, where activations bend, and far out
// on both sides.
var points = func() (x []float64) {
	for i := -40; i <= 40; i++ {
		x = append(x, float64(i)/4)
	}
	for _, v := range []float64{1e-4, 1e-3, 0.01, 0.1, 12, 15, 17, 20, 25, 30, 40, 60} {
		x = append(x, v, -v)
	}
	return x
}()

// parameters read the parameter of a function off its values. A function without an entry
// has none, or is found by its spellings alone.
var parameters = map[string]func(f func(x float64) []float64) []float64{
	"leaky":       func(f func(float64) []float64) []float64 { return scaledBy(f(-1), -1) },
	"prelu":       func(f func(float64) []float64) []float64 { return scaledBy(f(-1), -1) },
	"elu":         func(f func(float64) []float64) []float64 { return scaledBy(f(-20), 1/math.Expm1(-20)) },
	"celu":        func(f func(float64) []float64) []float64 { return scaledBy(f(-1e4), -1) },
	"hardsigmoid": func(f func(float64) []float64) []float64 { return scaledBy(minus(f(1.0/1024), 0.5), 1024) },
	"softplus": func(f func(float64) []float64) []float64 {
		return each(f(0), func(y float64) float64 { return math.Ln2 / y })
	},
	"relu6":            func(f func(float64) []float64) []float64 { return f(1e6) },
	"thresholded-relu": thresholdOf,
	"swish":            betaOf,
	"swish-beta":       betaOf,
}

// betaOf solves f(1) = σ(β).
func betaOf(f func(x float64) []float64) []float64 {
	return each(f(1), func(y float64) float64 { return math.Log(y / (1 - y)) })
}

// thresholdOf finds, by halving, where f(x) stops to be 0.
func thresholdOf(f func(x float64) []float64) []float64 {
	below, above := -60.3, 60.1
	for range 70 {
		if middle := (below + above) / 2; f(middle)[0] != 0 {
			above = middle
		} else {
			below = middle
		}
	}
	return []float64{below}
}

func each(v []float64, g func(float64) float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = g(x)
	}
	return out
}

func scaledBy(v []float64, s float64) []float64 {
	return each(v, func(x float64) float64 { return x * s })
}
func minus(v []float64, c float64) []float64 {
	return each(v, func(x float64) float64 { return x - c })
}

// behaves finds the activation that an island computes; nil if it is none.
func (im *importer) behaves(is island) *match {
	dims, learned, ok := im.constantsOf(is)
	if !ok || nn.Shape(dims).Size() > MaxSample/len(points) {
		return nil
	}
	f := func(x float64) []float64 { return im.evaluate(is, []float64{x}, dims) }
	values := im.evaluate(is, points, dims)
	if values == nil || linear(values) {
		return nil
	}
	for _, fn := range nn.ActFuncs {
		if (fn.Arg == nn.Learned) != (learned != "") || fn.Name == "linear" {
			continue
		}
		m := &match{fn: fn, nodes: is.nodes, x: is.x, param: learned, dims: dims}
		if fn.Arg != nn.NoArg {
			read := parameters[fn.Name]
			if read == nil {
				continue
			}
			if m.values = im.snapped(is, float32s(read(f)), dims); m.values == nil || fn.Arg == nn.Fixed && !allEqual(m.values) {
				continue
			}
		}
		if agrees(fn, m.values, values) {
			if fn.Arg == nn.Fixed {
				m.value = &m.values[0]
			}
			return m
		}
	}
	return nil
}

// snapped are the values of a constant of the island, or a simple multiple of them, if they
// are next to those that were read off: the file's own are exact.
func (im *importer) snapped(is island, read []float32, dims []int) []float32 {
	for _, n := range is.nodes {
		for _, name := range n.Inputs {
			t := im.consts[name]
			if t == nil || t.Type != graph.Float || dimsOf(t).Size() != len(read) || len(read) == 0 {
				continue
			}
			for _, times := range []float32{1, -1, 2, -2, 0.5} {
				v, err := t.Float32s()
				if err != nil {
					continue
				}
				near := true
				for i := range v {
					v[i] *= times
					near = near && math.Abs(float64(v[i]-read[i])) <= 1e-5*math.Abs(float64(read[i]))
				}
				if near {
					return v
				}
			}
		}
	}
	return read
}

// constantsOf gives the shape that the constants of an island have together, without the
// batch, and the largest of those that a layer may learn: exporters write a slope next to
// its half or its inverse.
func (im *importer) constantsOf(is island) (dims []int, learned string, ok bool) {
	rank, most := len(im.sampleOf(is.x)), 0
	for _, n := range is.nodes {
		for _, v := range n.Inputs {
			t := im.consts[v]
			if t == nil {
				continue
			}
			d := dimsOf(t)
			if len(d) == rank+1 && d[0] == 1 {
				d = d[1:]
			}
			if dims, ok = broadcastDims(dims, d); !ok || len(d) > rank {
				return nil, "", false
			}
			if size := dimsOf(t).Size(); im.trainable(v) && size > most {
				learned, most = v, size
			}
		}
	}
	return dims, learned, true
}

// sampleOf is the shape of a value without the batch, nil if it is not known yet.
func (im *importer) sampleOf(value string) nn.Shape {
	if layer := im.layerOf[value]; layer != "" {
		return im.builder.ShapeOf(layer)
	}
	return im.clean.Sample(value)
}

func broadcastDims(a, b []int) ([]int, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := slices.Clone(a)
	for i, d := range b {
		at := len(a) - len(b) + i
		switch {
		case out[at] == 1:
			out[at] = d
		case d != 1 && d != out[at]:
			return nil, false
		}
	}
	return out, true
}

// evaluate computes an island at points: the result for point i and element j of the
// constants' shape is at i·size + j. It gives nil where the evaluator cannot.
func (im *importer) evaluate(is island, at []float64, dims []int) []float64 {
	size := nn.Shape(dims).Size()
	x := make([]float64, 0, len(at)*size)
	for _, v := range at {
		for range size {
			x = append(x, v)
		}
	}
	shape := append([]int{len(at)}, dims...)
	known := map[string]*reference.Tensor{is.x: reference.FromFloat64s(1, shape, x)}
	for _, n := range slices.Backward(is.nodes) {
		in := make([]*reference.Tensor, len(n.Inputs))
		for k, v := range n.Inputs {
			if t := im.consts[v]; t != nil && known[v] == nil {
				c, err := reference.FromGraph(t)
				if err != nil {
					return nil
				}
				if len(c.Shape) == len(shape) && len(c.Shape) > len(dims) { // its batch axis
					c.Shape = c.Shape[1:]
				}
				known[v] = c
			}
			in[k] = known[v]
		}
		out, err := reference.Eval(n, im.model.Opset(""), in)
		if err != nil {
			return nil
		}
		known[n.Outputs[0]] = out[0]
	}
	y := known[is.nodes[0].Outputs[0]]
	if !slices.Equal(y.Shape, shape) || y.Floats == nil {
		return nil
	}
	return y.Floats
}

// linear tells whether values are a multiple of the points: a scale is no activation,
// though some have it as an extreme, such as Swish with β = 0.
func linear(values []float64) bool {
	size := len(values) / len(points)
	for j := range size {
		scale := values[j] / points[0]
		for i, x := range points {
			if math.Abs(values[i*size+j]-scale*x) > 1e-12*math.Abs(x) {
				return false
			}
		}
	}
	return true
}

// float32s rounds parameters; nil if one is not finite.
func float32s(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
		if math.IsNaN(x) || math.IsInf(float64(out[i]), 0) {
			return nil
		}
	}
	return out
}

func allEqual(v []float32) bool {
	return !slices.ContainsFunc(v, func(x float32) bool { return x != v[0] })
}

// agrees tells whether a function has the given values at all points, for all elements of
// its parameter.
func agrees(fn *nn.ActFunc, param []float32, values []float64) bool {
	size := len(values) / len(points)
	x, y := make([]float32, size), make([]float32, size)
	for i, p := range points {
		for j := range x {
			x[j] = float32(p)
		}
		if len(param) > 0 && fn.Positive && param[0] <= 0 {
			return false
		}
		fn.Forward(y, x, param)
		for j, v := range values[i*size : (i+1)*size] {
			at := float64(x[j])
			if d := math.Abs(float64(y[j]) - v); !(d <= 1e-6*(1+math.Abs(v)) || d <= 1e-6*math.Abs(at)) {
				return false
			}
		}
	}
	return true
}

// note says how an activation was recognised.
func (m *match) note(layer string) string {
	return fmt.Sprintf("layer %s was recognised as %s by its values at %d points", layer, m.fn.Name, len(points))
}
