package reference

import (
	"math"
	"slices"
)

// gives estimates the elements of a node's results, before it is computed. Operators that are
// not named here give no more than they read.
func (c *call) gives() float64 {
	if f := c.operator().gives; f != nil {
		return f(c)
	}
	return c.reads()
}

// shared are operators whose results are their inputs' elements, which are neither copied nor
// computed. What graphs inside take, their own nodes count.
var shared = setOf("Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Shape", "Size", "If", "Loop", "Scan")

// broadcasting are operators whose inputs are brought to one shape.
var broadcasting = setOf("Add", "Sub", "Mul", "Div", "Pow", "Mod", "Max", "Min", "Sum", "Mean", "Where", "PRelu", "BitShift",
	"And", "Or", "Xor", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")

// spatial are operators whose kernel slides over a map that may be padded. MaxPool,
// which gives two results, is one of estimates.
var spatial = setOf("Conv", "ConvInteger", "QLinearConv", "DeformConv", "AveragePool", "LpPool", "ConvTranspose")

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// estimates are those of operators that may give much more than they read.
var estimates = map[string]func(c *call) float64{
	"Constant":        (*call).constantSize,
	"ConstantOfShape": func(c *call) float64 { return numbers(c.given(0)) },
	"Expand":          func(c *call) float64 { return elements(broadcastOf(c.shape(0), c.list(1))) },
	"Tile":            func(c *call) float64 { return elements(c.shape(0)) * numbers(c.given(1)) },
	"Resize":          (*call).resized,
	"Upsample":        (*call).resized,
	"Pad":             (*call).padded,
	"CenterCropPad":   func(c *call) float64 { return max(c.reads(), c.grown(c.list(1))) },
	"OneHot":          func(c *call) float64 { return elements(c.shape(0)) * numbers(c.given(1)) },
	"NonZero":         func(c *call) float64 { return c.reads() * max(1, float64(len(c.shape(0)))) },
	"Unique":          func(c *call) float64 { return 4 * c.reads() },
	"TopK":            func(c *call) float64 { return 2 * c.reads() },
	"MaxPool":         func(c *call) float64 { return 2 * c.slides() },
	"Range":           (*call).counted,
	"Einsum":          (*call).summed,
	"Gather":          (*call).gathered,
	"GatherND":        (*call).gatheredND,
	"HannWindow":      (*call).windowSize,
	"HammingWindow":   (*call).windowSize,
	"BlackmanWindow":  (*call).windowSize,
	"MelWeightMatrix": func(c *call) float64 { return numbers(c.given(0)) * (numbers(c.given(1))/2 + 1) },
	"DFT":             func(c *call) float64 { n, lines := c.transformed(); return 2 * n * lines },
	"STFT":            func(c *call) float64 { n, frames := c.framed(); return 2 * n * frames },
	"MaxUnpool": func(c *call) float64 {
		if len(c.shape(0)) < 2 {
			return 0
		}
		shape, _ := c.unpooled(c.shape(0))
		return elements(shape) + numbers(c.given(2))
	},
	"RoiAlign":   (*call).aligned,
	"GridSample": func(c *call) float64 { return c.reads() + elements(c.shape(1))*sizeAt(c.shape(0), 1) },
	"AffineGrid": func(c *call) float64 { return float64(1+c.given(1).Len()) * numbers(c.given(1)) },
	"Col2Im": func(c *call) float64 {
		return c.reads() + sizeAt(c.shape(0), 0)*sizeAt(c.shape(0), 1)*numbers(c.given(1))
	},
	"NonMaxSuppression":   func(c *call) float64 { return 3 * float64(c.given(1).Len()) },
	"MatMul":              func(c *call) float64 { return multiplied(c.shape(0), c.shape(1)) },
	"MatMulInteger":       func(c *call) float64 { return multiplied(c.shape(0), c.shape(1)) },
	"QLinearMatMul":       func(c *call) float64 { return multiplied(c.shape(0), c.shape(3)) },
	"Gemm":                func(c *call) float64 { rows, columns, _ := c.gemmSizes(); return rows * columns },
	"Attention":           (*call).attended,
	"LinearAttention":     (*call).remembered,
	"CausalConvWithState": func(c *call) float64 { return c.reads() + elements(front(c.shape(0), 1))*sizeAt(c.shape(1), 2) },
	"RNN":                 (*call).recurred,
	"GRU":                 (*call).recurred,
	"LSTM":                (*call).recurred,
}

// numbers is the product of what a tensor holds: of sizes, repeats or scales.
func numbers(t *Tensor) float64 {
	p := 1.0
	for _, v := range t.Ints {
		p *= max(1, math.Abs(float64(v)))
	}
	for _, v := range t.Floats {
		p *= max(1, math.Abs(v))
	}
	return p
}

// constantSize is the number of elements of a Constant.
func (c *call) constantSize() float64 {
	bytes := 0.0
	for _, a := range c.node.Attrs {
		bytes += attributeBytes(a)
	}
	return bytes / numberBytes
}

// padded is Pad's, and the lists of the axes.
func (c *call) padded() float64 {
	x := c.given(0)
	pads, _, err := c.padding(x)
	if err != nil {
		return 0
	}
	n, lists := 1.0, 0.0
	for i, d := range x.Shape {
		size := max(1, float64(d)+float64(pads[i][0])+float64(pads[i][1]))
		n, lists = n*size, lists+size
	}
	return n + lists
}

// grown is an input whose axes have at least the given sizes, in any order.
func (c *call) grown(sizes []int) float64 { return elements(sizes) * elements(c.shape(0)) }

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
	if n := math.Ceil((v[1] - v[0]) / v[2]); n > 0 && n <= MaxElements {
		return n
	}
	return 0 // or refused
}

// windowSize is that of a window of a signal, 0 if it is refused.
func (c *call) windowSize() float64 {
	n, err := c.scalarSize(0, 0)
	if err != nil {
		return 0
	}
	return float64(n)
}

// gathered is Gather's: a slice for each index.
func (c *call) gathered() float64 {
	x := c.shape(0)
	axis, err := axisOf(c.int("axis", 0), len(x))
	if err != nil {
		return 0
	}
	return elements(c.shape(1)) * elements(x[:axis]) * elements(x[axis+1:])
}

// gatheredND is GatherND's: a slice for each tuple of indices.
func (c *call) gatheredND() float64 {
	x, at := c.shape(0), c.shape(1)
	if len(at) == 0 {
		return 0
	}
	tuple := at[len(at)-1]
	return elements(front(at, 1)) * elements(x[min(len(x), max(0, tuple)):])
}

// resized is what Resize and Upsample give, one axis after the other: all of it together.
func (c *call) resized() float64 {
	x := c.shape(0)
	axes, err := c.resizedTo()
	if err != nil {
		return 0
	}
	size, all := elements(x), 0.0
	for _, r := range axes {
		size = size / max(1, float64(r.in)) * max(1, float64(r.out))
		all += size
	}
	return all
}

// resizedTo is how Resize or Upsample goes along each axis.
func (c *call) resizedTo() ([]resized, error) {
	if c.node.OpType == "Resize" {
		return c.resizedAxes(c.shape(0))
	}
	scales, err := c.upsampleScales()
	if err != nil {
		return nil, err
	}
	return scaledAxes(c.shape(0), scales)
}

// summed is Einsum's: all products, or where it is one of matrices both and the result.
func (c *call) summed() float64 {
	e, err := c.equation()
	if err != nil {
		return 0
	}
	if p := e.product(c.in); p != nil {
		n, m, k, both := p.sizes()
		return both * (m*k + n*k + 2*m*n)
	}
	return float64(1+len(c.in)) * elements(e.sizes)
}

// aligned is RoiAlign's, with the points that it takes in a region.
func (c *call) aligned() float64 {
	return 8*c.roiPoints() + sizeAt(c.shape(1), 0)*sizeAt(c.shape(0), 1)*c.roiBins()
}

// slides is what a kernel gives that slides over a map.
func (c *call) slides() float64 {
	x, w, kernel := c.shape(0), c.weights(), []int(nil)
	if len(x) < 3 {
		return 0
	}
	outs := sizeAt(w, 0)
	switch {
	case c.node.OpType == "ConvTranspose":
		return c.spreads(x, w)
	case len(w) == len(x):
		kernel = w[2:]
	default:
		kernel, outs = c.counts("kernel_shape", len(x)-2, 1, 1), sizeAt(x, 1)
	}
	win, err := c.newWindow(x[2:], kernel)
	if err != nil {
		return 0
	}
	return sizeAt(x, 0) * outs * elements(win.out)
}

// weights is the shape of a kernel's.
func (c *call) weights() []int {
	if c.node.OpType == "QLinearConv" {
		return c.shape(3)
	}
	return c.shape(1)
}

// spreads is what a ConvTranspose gives.
func (c *call) spreads(x, w []int) float64 {
	if len(w) != len(x) || slices.Contains(w, 0) || slices.Contains(x, 0) {
		return 0
	}
	win, err := c.newTransposed(x[2:], w[2:])
	if err != nil {
		return 0
	}
	return sizeAt(x, 0) * sizeAt(w, 1) * max(1, float64(c.int("group", 1))) * elements(win.in)
}
