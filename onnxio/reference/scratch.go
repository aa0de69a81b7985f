package reference

import (
	"runtime"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// scratch estimates the elements that a node makes beside its results: inputs brought to one
// shape or type, lists of places, windows. Most make as many as they read or give, or fewer.
func (c *call) scratch(gives float64) float64 {
	o := c.operator()
	if o.scratch != nil {
		return o.scratch(c, gives)
	}
	return o.copies * max(c.reads(), gives)
}

// copies is how many times as much operators make as they read or give.
var copies = map[string]float64{
	"Relu": 0, "LeakyRelu": 0, "Sigmoid": 0, "Tanh": 0, "BatchNormalization": 0, "Concat": 0, "Transpose": 0,
	"Equal": 3, "Greater": 3, "GreaterOrEqual": 3, "Less": 3, "LessOrEqual": 3, "Mod": 3, "Pow": 5, "BitShift": 2,
	"And": 2, "Or": 2, "Xor": 2, "BitwiseAnd": 2, "BitwiseOr": 2, "BitwiseXor": 2, "Sub": 2, "Div": 2,
	"Where": 3, "Clip": 3, "Shrink": 2,
	"LayerNormalization": 3, "RMSNormalization": 2, "MeanVarianceNormalization": 2,
	"QuantizeLinear": 7, "DequantizeLinear": 7, "MatMulInteger": 4, "QLinearMatMul": 6,
	"CumSum": 4, "CumProd": 4, "TopK": 2, "Unique": 3, "OneHot": 2, "Pad": 2, "CenterCropPad": 2,
	"GatherND": 2, "ScatterND": 2, "ScatterElements": 2, "TensorScatter": 2,
	"Attention": 4, "LinearAttention": 2, "DFT": 4, "STFT": 4, "NonMaxSuppression": 4, "RoiAlign": 3,
	"Resize": 3, "Upsample": 3, "MaxUnpool": 2, "BitCast": 2, "CausalConvWithState": 3,
}

// scratches are those of operators for which that would be far too much or too little.
var scratches = map[string]func(c *call, gives float64) float64{
	"Add": (*call).spreading, "Mul": (*call).spreading, "Sum": (*call).spreading, "Mean": (*call).spreading,
	"Max": (*call).spreading, "Min": (*call).spreading,
	"Conv":          func(c *call, _ float64) float64 { return c.sliding() },
	"ConvTranspose": func(c *call, _ float64) float64 { return c.sliding() },
	"DeformConv":    func(c *call, _ float64) float64 { return c.sliding() },
	"MaxPool":       func(c *call, gives float64) float64 { return c.sliding() + gives + c.converted() },
	"AveragePool":   func(c *call, gives float64) float64 { return c.sliding() + 3*gives + c.reads() },
	"LpPool":        func(c *call, gives float64) float64 { return c.sliding() + gives + c.reads() },
	"ConvInteger":   func(c *call, gives float64) float64 { return c.sliding() + 2*gives + 3*c.reads() },
	"QLinearConv":   func(c *call, gives float64) float64 { return c.sliding() + 6*gives + 3*c.reads() },
	"MatMul":        func(c *call, gives float64) float64 { return gives + c.inFlight(sizeAt(c.shape(0), -1)) },
	"Gemm": func(c *call, gives float64) float64 {
		_, _, depth := c.gemmSizes()
		transposed := 0.0
		if c.flag("transA", false) {
			transposed = elements(c.shape(0))
		}
		return transposed + gives + c.inFlight(depth)
	},
	"RNN": (*call).stepping, "GRU": (*call).stepping, "LSTM": (*call).stepping,
	"Det": func(c *call, _ float64) float64 { return sizeAt(c.shape(0), -1) * sizeAt(c.shape(0), -2) },
}

// converted is what an input takes that is worked on in float64.
func (c *call) converted() float64 {
	if x := c.given(0); !isFloat(x.Type) {
		return c.reads()
	}
	return 0
}

// spreading is what bringing inputs to one shape makes, one after the other.
func (c *call) spreading(gives float64) float64 {
	n := 1.0
	for _, t := range c.in {
		if t != nil && float64(product(t.Shape)) != gives {
			n++
		}
	}
	return n * gives
}

// stepping is what a step of a sequence makes, beside parameters that are left out.
func (c *call) stepping(float64) float64 {
	return 16*sizeAt(c.shape(2), 1) + elements(c.shape(1)) + elements(c.shape(2))
}

// inFlight is what the blocks hold that are worked on at the same time, with so many taps.
func (c *call) inFlight(taps float64) float64 {
	return float64(6*runtime.GOMAXPROCS(0)) * (taps + blockPositions*4)
}

// sliding is what a window on maps holds: the taps of blocks, and where they lie.
func (c *call) sliding() float64 {
	x, w := c.shape(0), c.weights()
	taps := c.product("kernel_shape")
	if len(w) == len(x) && len(w) > 2 {
		taps = elements(w[1:])
		if c.node.OpType == "ConvTranspose" {
			taps = elements(w) / sizeAt(w, 1)
		}
	}
	places := 0.0
	for _, d := range x[min(2, len(x)):] {
		places += max(1, float64(d))
	}
	return c.inFlight(taps) + 32*places
}

// product is that of an attribute of sizes or strides.
func (c *call) product(name string) float64 {
	v, err := c.node.Ints(name, nil)
	if err != nil {
		return 1
	}
	return elements(toInts(v))
}

// attributeBytes is what the value of an attribute takes as a tensor.
func attributeBytes(a *graph.Attr) float64 {
	switch v := a.Value.(type) {
	case *graph.Tensor:
		if v == nil {
			return 0
		}
		return decodedBytes(v)
	case []int64:
		return numberBytes * float64(len(v))
	case []float32:
		return numberBytes * float64(len(v))
	case []string:
		return textBytes * float64(len(v))
	}
	return textBytes
}
