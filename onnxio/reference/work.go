package reference

import "math"

// Operations that an element costs which is read or given.
const (
	moved    = 5  // as a whole, or joined with another
	computed = 20 // by a function such as an exponential
	ordered  = 10 // for each halving of a list that is sorted
)

// work estimates the multiply–accumulates of a node that gives so many elements, or other work
// that takes as long.
func (c *call) work(gives float64) float64 {
	o, elements := c.operator(), max(c.reads(), gives)
	if o.work != nil {
		return o.work(c) + moved*elements
	}
	return o.each * elements
}

// moving are operators that only move or add elements.
var moving = setOf("Concat", "Split", "Slice", "Transpose", "Expand", "Tile", "Gather", "Add", "Sub", "Mul", "Div", "Sum", "Relu",
	"LeakyRelu", "PRelu", "BatchNormalization", "GlobalAveragePool", "GlobalMaxPool", "ConstantOfShape", "Constant", "Pad", "Dropout",
	"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "DepthToSpace", "SpaceToDepth", "Max", "Min", "Clip")

// works are those of operators that work on each element many times.
var works = map[string]func(c *call) float64{
	"Conv": (*call).taps, "ConvInteger": (*call).taps, "QLinearConv": (*call).taps,
	"ConvTranspose": func(c *call) float64 { return elements(c.shape(0)) * elements(c.shape(1)) / sizeAt(c.shape(0), 1) },
	"DeformConv":    func(c *call) float64 { return 4 * c.taps() * sizeAt(c.shape(0), 1) },
	"Col2Im":        func(c *call) float64 { return computed * c.reads() },
	"MaxPool":       (*call).pooled, "AveragePool": (*call).pooled, "LpPool": (*call).pooled,
	"MatMul":        func(c *call) float64 { return multiplied(c.shape(0), c.shape(1)) * sizeAt(c.shape(0), -1) },
	"MatMulInteger": func(c *call) float64 { return multiplied(c.shape(0), c.shape(1)) * sizeAt(c.shape(0), -1) },
	"QLinearMatMul": func(c *call) float64 { return multiplied(c.shape(0), c.shape(3)) * sizeAt(c.shape(0), -1) },
	"Gemm":          func(c *call) float64 { rows, columns, depth := c.gemmSizes(); return rows * columns * depth },
	"Einsum":        (*call).einsumWork,
	"Det":           func(c *call) float64 { return elements(c.shape(0)) * sizeAt(c.shape(0), -1) },
	"Attention": func(c *call) float64 {
		return c.scores() * (sizeAt(c.shape(0), -1) + sizeAt(c.shape(2), -1) + 2*computed)
	},
	"LinearAttention": func(c *call) float64 {
		k, v := c.shape(1), c.shape(2)
		return 5 * elements(k) * sizeAt(v, -1) * max(1, c.headsOf(0, "q_num_heads"))
	},
	"CausalConvWithState": func(c *call) float64 { return elements(c.shape(0)) * sizeAt(c.shape(1), 2) },
	"RNN":                 (*call).cells, "GRU": (*call).cells, "LSTM": (*call).cells,
	"LRN": func(c *call) float64 {
		return elements(c.shape(0)) * (computed + 3*min(float64(c.count("size", 1, 1)), sizeAt(c.shape(0), 1)))
	},
	"DFT":  func(c *call) float64 { n, lines := c.transformed(); return 4 * n * n * lines },
	"STFT": func(c *call) float64 { n, frames := c.framed(); return 4 * n * n * frames },
	"NonMaxSuppression": func(c *call) float64 {
		boxes := sizeAt(c.shape(1), 2)
		kept := min(boxes, max(0, c.given(2).first()))
		return elements(front(c.shape(1), 1)) * (boxes*kept*nmsWork + sorting(boxes))
	},
	"GridSample": func(c *call) float64 {
		rank := float64(max(1, len(c.shape(0))-2))
		return elements(c.shape(1)) / rank * math.Pow(4, rank) * (sizeAt(c.shape(0), 1) + 2*computed)
	},
	"AffineGrid": func(c *call) float64 { return computed * float64(1+c.given(1).Len()) * numbers(c.given(1)) },
	"RoiAlign": func(c *call) float64 {
		return sizeAt(c.shape(1), 0) * 4 * (c.roiPoints() + c.roiBins()) * (sizeAt(c.shape(0), 1) + computed)
	},
	"Resize": (*call).interpolated, "Upsample": (*call).interpolated,
	"TopK":   func(c *call) float64 { return sorting(c.reads()) },
	"Unique": func(c *call) float64 { return 2 * sorting(c.reads()) },
	"Cast": func(c *call) float64 {
		if c.hasText() {
			return 10 * computed * c.reads()
		}
		return computed * c.reads()
	},
	"Pow": func(c *call) float64 { return 5 * computed * elements(broadcastOf(c.shapes()...)) },
}

// sorting is the work of putting so many elements in order.
func sorting(n float64) float64 { return ordered * n * math.Log2(n+2) }

// first is the first number of a tensor, 0 if there is none.
func (t *Tensor) first() float64 {
	switch {
	case len(t.Floats) > 0:
		return t.Floats[0]
	case len(t.Ints) > 0:
		return float64(t.Ints[0])
	}
	return 0
}

// taps is the number of pairs of a weight and an input that meet in a convolution.
func (c *call) taps() float64 {
	x, w := c.shape(0), c.weights()
	if len(x) < 3 || len(w) != len(x) {
		return 0
	}
	pairs, places := c.meetings(x[2:], w[2:])
	return sizeAt(x, 0)*sizeAt(w, 0)*sizeAt(w, 1)*pairs + placeWork*places
}

// pooled is the work of a pool: a power for each input of LpPool.
func (c *call) pooled() float64 {
	x := c.shape(0)
	if len(x) < 3 {
		return 0
	}
	pairs, places := c.meetings(x[2:], c.counts("kernel_shape", len(x)-2, 1, 1))
	return sizeAt(x, 0)*sizeAt(x, 1)*2*pairs + computed*c.reads() + computed*c.slides() + 2*placeWork*places
}

// placeWork is what finding the taps of a position costs.
const placeWork = 100

// meetings is the number of pairs of a tap and an input that a window on a channel has, and of
// its positions.
func (c *call) meetings(in, kernel []int) (pairs, places float64) {
	win, err := c.newWindow(in, kernel)
	if err != nil {
		return 0, 0
	}
	pairs = 1
	for i, k := range kernel {
		pairs *= float64(k) * min(float64(win.out[i]), math.Ceil(float64(in[i])/float64(win.stride[i])))
	}
	return pairs, elements(win.out)
}

// einsumWork is Einsum's: of matrices, or of every product.
func (c *call) einsumWork() float64 {
	e, err := c.equation()
	if err != nil {
		return 0
	}
	if p := e.product(c.in); p != nil {
		n, m, k, both := p.sizes()
		return both * n * m * k
	}
	return moved * float64(1+len(c.in)) * elements(e.sizes)
}

// cells is the work of RNN, GRU and LSTM: all weights, for each step of a sequence.
func (c *call) cells() float64 {
	x, r := c.shape(0), c.shape(2)
	gates := computed * sizeAt(r, 1) * sizeAt(r, 0)
	return sizeAt(x, 0) * sizeAt(x, 1) * (elements(c.shape(1)) + elements(r) + gates)
}

// interpolated is the work of Resize: its neighbours, for each element along each axis.
func (c *call) interpolated() float64 {
	axes, err := c.resizedTo()
	if err != nil {
		return 0
	}
	neighbours := 1.0
	for _, r := range axes {
		neighbours = max(neighbours, 4*math.Ceil(float64(r.in)/max(1, float64(r.out))))
	}
	if !c.flag("antialias", false) {
		neighbours = 4
	}
	return 2 * neighbours * c.resized()
}
