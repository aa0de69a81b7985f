package reference

import (
	"math"
	"slices"
)

// gives estimates the elements that a node gives (or lists on the way), before it is
// computed. Operators that are not named here give no more than they read.
func (c *call) gives() float64 {
	tried := *c // errors of attributes are for the run to tell
	if estimate := estimates[c.node.OpType]; estimate != nil {
		return estimate(&tried)
	}
	if spatial[c.node.OpType] {
		return max(c.reads(), tried.slides())
	}
	if broadcasting[c.node.OpType] {
		shape := []int{}
		for _, t := range c.in {
			if t != nil {
				shape = broadcastOf(shape, t.Shape)
			}
		}
		return elements(shape)
	}
	return c.reads()
}

// reads is the number of elements of all inputs.
func (c *call) reads() (n float64) {
	for _, t := range c.in {
		if t != nil {
			n += float64(t.Len())
		}
	}
	return n
}

// broadcasting are operators whose inputs are brought to one shape.
var broadcasting = setOf("Add", "Sub", "Mul", "Div", "Pow", "Mod", "Max", "Min", "Sum", "Mean", "Where", "PRelu", "BitShift",
	"And", "Or", "Xor", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")

// spatial are operators whose kernel slides over a map that may be padded.
var spatial = setOf("Conv", "ConvInteger", "QLinearConv", "DeformConv", "MaxPool", "AveragePool", "LpPool", "ConvTranspose")

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// estimates are those of operators that may give much more than they read.
var estimates = map[string]func(c *call) float64{
	"ConstantOfShape": func(c *call) float64 { return numbers(c.given(0)) },
	"Expand": func(c *call) float64 {
		return elements(broadcastOf(c.given(0).Shape, c.list(1)))
	},
	"Tile": func(c *call) float64 { return elements(c.given(0).Shape) * numbers(c.given(1)) },
	"Resize": func(c *call) float64 {
		return max(elements(c.given(0).Shape)*numbers(c.given(min(max(0, len(c.in)-1), 2))), numbers(c.given(3)))
	},
	"Upsample": func(c *call) float64 {
		n := elements(c.given(0).Shape)
		scales, err := c.upsampleScales()
		if err != nil {
			return 0
		}
		for _, s := range scales {
			n *= max(1, s)
		}
		return n
	},
	"Pad":             (*call).padded,
	"CenterCropPad":   func(c *call) float64 { return max(c.reads(), c.grown(c.list(1))) },
	"OneHot":          func(c *call) float64 { return elements(c.given(0).Shape) * numbers(c.given(1)) },
	"Range":           (*call).counted,
	"Einsum":          (*call).summed,
	"Gather":          (*call).gathered,
	"GatherND":        (*call).gatheredND,
	"HannWindow":      func(c *call) float64 { return numbers(c.given(0)) },
	"HammingWindow":   func(c *call) float64 { return numbers(c.given(0)) },
	"BlackmanWindow":  func(c *call) float64 { return numbers(c.given(0)) },
	"MelWeightMatrix": func(c *call) float64 { return numbers(c.given(0)) * (numbers(c.given(1))/2 + 1) },
	"DFT":             func(c *call) float64 { return c.reads() + 2*numbers(c.given(1))*elements(c.given(0).Shape)/c.longest() },
	"STFT": func(c *call) float64 {
		return 2 * c.reads() * max(1, numbers(c.given(3)), float64(c.given(2).Len())) / numbers(c.given(1))
	},
	"MaxUnpool": func(c *call) float64 {
		if len(c.given(0).Shape) < 2 {
			return 0
		}
		shape, _ := c.unpooled(c.in[0].Shape)
		return max(elements(shape), numbers(c.given(2)))
	},
	"RoiAlign": (*call).aligned,
	"MaxRoiPool": func(c *call) float64 {
		return sizeAt(c.given(1).Shape, 0) * sizeAt(c.given(0).Shape, 1) * c.product("pooled_shape")
	},
	"GridSample": func(c *call) float64 { return c.reads() + elements(c.given(1).Shape)*sizeAt(c.given(0).Shape, 1) },
	"AffineGrid": func(c *call) float64 { return 3 * numbers(c.given(1)) },
	"Col2Im": func(c *call) float64 {
		return c.reads() + sizeAt(c.given(0).Shape, 0)*sizeAt(c.given(0).Shape, 1)*numbers(c.given(1))/numbers(c.given(2))
	},
	"MatMul":        (*call).multiplied,
	"MatMulInteger": (*call).multiplied,
	"Gemm": func(c *call) float64 {
		x, w := c.given(0).Shape, c.given(1).Shape
		rows, columns := sizeAt(x, c.int("transA", 0)), sizeAt(w, 1-c.int("transB", 0))
		return c.reads() + rows*columns
	},
	"Attention": func(c *call) float64 { return c.reads() + c.scores() },
}

// padded is Pad's.
func (c *call) padded() float64 {
	x := c.given(0)
	pads, _, err := c.padding(x)
	if err != nil {
		return 0
	}
	n := 1.0
	for i, d := range x.Shape {
		n *= max(0, float64(d)+float64(pads[i][0])+float64(pads[i][1]))
	}
	return n
}

// grown is an input whose axes have at least the given sizes, in any order.
func (c *call) grown(sizes []int) float64 {
	n := 1.0
	for _, d := range sizes {
		n *= max(1, float64(d))
	}
	return n * elements(c.given(0).Shape)
}

// counted is Range's.
func (c *call) counted() float64 {
	var v [3]float64
	for k := range v {
		x, err := c.number(k, 1)
		if err != nil {
			return 0
		}
		v[k] = x
	}
	if n := math.Ceil((v[1] - v[0]) / v[2]); n > 0 {
		return n
	}
	return 0
}

// summed is Einsum's: all products.
func (c *call) summed() float64 {
	if slices.Contains(c.in, nil) {
		return 0
	}
	text, err := c.node.String("equation", "")
	if err != nil {
		return 0
	}
	e, err := parseEquation(text, c.in)
	if err != nil {
		return 0
	}
	return float64(len(c.in)) * elements(e.sizes)
}

// gathered is Gather's: a slice for each index.
func (c *call) gathered() float64 {
	x := c.given(0).Shape
	axis, err := axisOf(c.int("axis", 0), len(x))
	if err != nil {
		return 0
	}
	return elements(c.given(1).Shape) * elements(x[:axis]) * elements(x[axis+1:])
}

// gatheredND is GatherND's: a slice for each tuple of indices.
func (c *call) gatheredND() float64 {
	x, at := c.given(0).Shape, c.given(1).Shape
	if len(at) == 0 {
		return 0
	}
	tuple := at[len(at)-1]
	return elements(front(at, 1)) * elements(x[min(len(x), max(0, tuple)):])
}

// aligned is RoiAlign's, with the points that it takes in a region.
func (c *call) aligned() float64 {
	x, rois := c.given(0), c.given(1)
	r := c.roiSettings(int(sizeAt(x.Shape, 2)), int(sizeAt(x.Shape, 3)))
	length := 1.0
	for _, v := range rois.Floats {
		length = max(length, 2*math.Abs(v*r.scale))
	}
	points := 4.0
	for _, bins := range r.bins {
		each := float64(r.ratio)
		if r.ratio == 0 {
			each = math.Ceil(length / float64(bins))
		}
		points *= each * float64(bins)
	}
	return max(4*points, sizeAt(rois.Shape, 0)*sizeAt(x.Shape, 1)*float64(r.bins[0])*float64(r.bins[1]))
}

// multiplied is that of matrix products.
func (c *call) multiplied() float64 {
	x, w := c.given(0).Shape, c.given(1).Shape
	return elements(broadcastOf(front(x, 2), front(w, 2))) * sizeAt(x, len(x)-2) * sizeAt(w, len(w)-1)
}

// scores is the number of an Attention's products of queries and keys.
func (c *call) scores() float64 {
	q, k := c.given(0).Shape, c.given(1).Shape
	heads := 1.0
	if len(q) == 3 {
		heads = float64(c.int("q_num_heads", 1))
	}
	past := sizeAt(c.given(4).Shape, 2)
	return heads * elements(front(q, 1)) * (sizeAt(k, len(k)-2) + past)
}

// longest is the size of the first input's longest axis.
func (c *call) longest() float64 {
	n := 1.0
	for _, d := range c.given(0).Shape {
		n = max(n, float64(d))
	}
	return n
}

// slides is what a kernel gives that slides over a map.
func (c *call) slides() float64 {
	x, w := c.given(0).Shape, c.given(1).Shape
	if c.node.OpType == "QLinearConv" {
		w = c.given(3).Shape
	}
	kernel, outs := []int(nil), sizeAt(w, 0)
	if len(x) < 3 {
		return 0
	}
	switch {
	case c.node.OpType == "ConvTranspose":
		return c.spreads(x, w)
	case len(w) == len(x):
		kernel = w[2:]
	default:
		kernel, outs = c.counts("kernel_shape", len(x)-2, 1, 1), sizeAt(x, 1)
	}
	win, err := c.newWindow(x[2:], kernel, true)
	if err != nil {
		return 0
	}
	return sizeAt(x, 0) * outs * elements(win.out)
}

// spreads is what a ConvTranspose gives.
func (c *call) spreads(x, w []int) float64 {
	n := len(x) - 2
	strides, dilations, more := c.counts("strides", n, 1, 1), c.counts("dilations", n, 1, 1), c.counts("output_padding", n, 0, 0)
	asked, out := c.counts("output_shape", n, 0, 0), sizeAt(x, 0)*sizeAt(w, 1)*max(1, float64(c.int("group", 1)))
	for i, d := range x[2:] {
		size := float64(d)*float64(strides[i]) + sizeAt(w, 2+i)*float64(dilations[i]) + float64(more[i])
		out *= max(size, float64(asked[i]))
	}
	return out
}
