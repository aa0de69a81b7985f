package reference_test

import (
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// costTable gathers nodes that are large, or that make much of little, for every operator.
type costTable []nodeCase

func (c *costTable) add(op string, in []*reference.Tensor, a ...*graph.Attr) {
	*c = append(*c, nodeCase{op: op, in: in, attrs: a})
}

// at is add for another opset.
func (c *costTable) at(opset int64, op string, in []*reference.Tensor, a ...*graph.Attr) {
	*c = append(*c, nodeCase{op: op, opset: opset, in: in, attrs: a})
}

// each adds nodes of several operators with the same inputs.
func (c *costTable) each(ops string, in ...*reference.Tensor) {
	for op := range strings.FieldsSeq(ops) {
		c.add(op, in)
	}
}

// costCases has every operator that gives tensors.
func costCases() []nodeCase {
	var c costTable
	c.elements()
	c.moves()
	c.makers()
	c.windows()
	c.products()
	c.lookups()
	return c
}

// zeros is an INT64 value.
func zeros(shape ...int) *reference.Tensor {
	return whole(graph.Int64, shape, make([]int64, reference.Product(shape))...)
}

// elements has functions of elements, lines and channels.
func (c *costTable) elements() {
	x, maps, n := drawn(64, 512), drawn(4, 8, 32, 32), zeros(64, 512)
	truth := whole(graph.Bool, []int{64, 512}, n.Ints...)
	u8 := whole(graph.Uint8, []int{64, 512}, n.Ints...)
	c.each(`Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish Hardmax
		Identity IsInf IsNaN LeakyRelu Log LogSoftmax LpNormalization Mish Neg Reciprocal Relu Round Selu Shape Shrink
		Sigmoid Sign Sin Sinh Size Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu
		ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
		ArgMax ArgMin Clip Dropout DynamicQuantizeLinear`, x)
	c.each("Abs Neg Sign Relu Shrink Clip ReduceSum ReduceMean ReduceMax ReduceL2 ArgMax BitwiseNot", n)
	c.add("ReduceSum", all(x, i64(0)))
	c.add("ReduceMean", all(n, i64(0)))
	c.add("ReduceSum", all(n, i64(0)))
	c.add("ReduceProd", all(x, i64(0)))
	c.add("Softmax", all(x), graph.IntAttr("axis", 0))
	c.add("ArgMin", all(x), graph.IntAttr("axis", 0))
	for _, pair := range [][]*reference.Tensor{{x, x}, {drawn(256), drawn(256, 1)}, {drawn(512), drawn(64, 1)}} {
		c.each("Add Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Pow Sub Sum", pair...)
	}
	c.each("Add Mul Sub Max Min Sum Equal Less Pow BitwiseAnd BitwiseOr BitwiseXor", zeros(256), zeros(256, 1))
	c.each("Sum Max Mean", drawn(64, 1, 1), drawn(1, 32, 1), drawn(1, 1, 32), drawn(1), drawn(1))
	c.add("Pow", all(x, zeros(1)))
	c.add("Pow", all(n, vec(2)))
	bools := whole(graph.Bool, []int{256, 1}, make([]int64, 256)...)
	c.each("And Or Xor Equal", whole(graph.Bool, []int{256}, make([]int64, 256)...), bools)
	c.add("Not", all(truth))
	c.add("Where", all(bools, drawn(1, 256), vec(1)))
	c.add("Where", all(bools, drawn(1, 256), drawn(256, 256)))
	c.add("BitShift", all(whole(graph.Uint8, []int{256}, make([]int64, 256)...), whole(graph.Uint8, []int{256, 1}, make([]int64, 256)...)), graph.StringAttr("direction", "LEFT"))
	c.add("PRelu", all(x, drawn(512)))
	c.add("PRelu", all(n, zeros(512)))
	c.add("Clip", all(n, whole(graph.Int64, nil, 0), whole(graph.Int64, nil, 1)))
	c.at(27, "SwiGLU", all(x, x))
	for _, to := range []graph.DataType{graph.Double, graph.Float16, graph.Int32, graph.Bool, graph.String, graph.Uint8} {
		c.add("Cast", all(x), graph.IntAttr("to", int64(to)))
		c.add("Cast", all(n), graph.IntAttr("to", int64(to)))
	}
	c.add("Cast", all(&reference.Tensor{Type: graph.String, Shape: []int{1000}, Strings: strings.Split(strings.Repeat("1.5 ", 999)+"1", " ")}), graph.IntAttr("to", int64(graph.Float)))
	c.add("CastLike", all(x, zeros(1)))
	c.at(26, "BitCast", all(x), graph.IntAttr("to", int64(graph.Int32)))
	c.at(26, "BitCast", all(u8), graph.IntAttr("to", int64(graph.Int8)))
	c.each("GlobalAveragePool GlobalLpPool GlobalMaxPool MeanVarianceNormalization", maps)
	c.add("BatchNormalization", all(maps, drawn(8), drawn(8), drawn(8), arr([]int{8}, 1)))
	c.at(14, "BatchNormalization", all(maps, drawn(8), drawn(8), drawn(8), arr([]int{8}, 1)), graph.IntAttr("training_mode", 1))
	c.add("InstanceNormalization", all(maps, drawn(8), drawn(8)))
	c.add("GroupNormalization", all(maps, drawn(8), drawn(8)), graph.IntAttr("num_groups", 2))
	c.add("LayerNormalization", all(x, drawn(512), drawn(512)))
	c.add("LayerNormalization", all(x, drawn(512)), graph.IntAttr("axis", 0))
	c.at(23, "RMSNormalization", all(x, drawn(512)))
	c.add("LRN", all(maps), graph.IntAttr("size", 5))
	c.add("LRN", all(drawn(1, 128, 4, 4)), graph.IntAttr("size", 300))
	c.add("QuantizeLinear", all(x, vec(1), whole(graph.Uint8, []int{1}, 0)))
	c.add("QuantizeLinear", all(x, drawn(512), whole(graph.Int8, []int{512}, make([]int64, 512)...)))
	c.add("DequantizeLinear", all(u8, vec(1), whole(graph.Uint8, []int{1}, 0)))
	c.add("DequantizeLinear", all(u8, drawn(64, 1)), graph.IntAttr("block_size", 512), graph.IntAttr("axis", 1))
	c.add("NegativeLogLikelihoodLoss", all(drawn(8, 64, 64), zeros(8, 64)))
	c.add("NegativeLogLikelihoodLoss", all(drawn(8, 64, 64), zeros(8, 64), drawn(64)), graph.StringAttr("reduction", "none"))
	c.add("SoftmaxCrossEntropyLoss", all(drawn(8, 64, 64), zeros(8, 64), drawn(64)))
}

// moves has what moves, picks, joins and orders elements.
func (c *costTable) moves() {
	x, n := drawn(64, 512), zeros(64, 512)
	texts := &reference.Tensor{Type: graph.String, Shape: []int{1000}, Strings: make([]string, 1000)}
	c.each("Transpose Trilu NonZero Unique Flatten EyeLike Squeeze", x)
	c.each("Transpose Trilu NonZero Unique Identity", n)
	c.each("Transpose Identity Unique", texts)
	c.add("Unique", all(x), graph.IntAttr("axis", 1))
	c.add("Unique", all(drawn(20000)), graph.IntAttr("sorted", 0))
	c.add("NonZero", all(drawn(4, 4, 4, 4, 4, 4, 4)))
	c.add("TopK", all(x, i64(64)))
	c.add("TopK", all(x, i64(32)), graph.IntAttr("axis", 0), graph.IntAttr("largest", 0))
	c.add("Reshape", all(x, i64(512, 64)))
	c.add("Unsqueeze", all(x, i64(0, 1)))
	c.add("Concat", all(x, x, x, x, x, x, x, x), graph.IntAttr("axis", 1))
	c.add("Concat", all(texts, texts, texts), graph.IntAttr("axis", 0))
	c.add("Slice", all(x, i64(0, 0), i64(64, 512), i64(0, 1), i64(1, 3)))
	c.add("Split", all(x), graph.IntAttr("axis", 1), graph.IntAttr("num_outputs", 1))
	c.add("Compress", all(x, whole(graph.Bool, []int{64}, make([]int64, 64)...)), graph.IntAttr("axis", 0))
	c.add("Compress", all(x, yes(1, 1, 1, 1)), graph.IntAttr("axis", 0))
	c.add("ReverseSequence", all(x, zeros(512)))
	c.add("Gather", all(drawn(4, 128), zeros(256)))
	c.add("Gather", all(drawn(4, 128), zeros(16, 16)), graph.IntAttr("axis", 1))
	c.add("GatherElements", all(x, n))
	c.add("GatherND", all(drawn(4, 256), zeros(256, 1)))
	c.add("GatherND", all(drawn(4, 256), zeros(4, 64, 1)), graph.IntAttr("batch_dims", 1))
	c.add("ScatterElements", all(x, n, x))
	c.add("ScatterElements", all(x, n, x), graph.StringAttr("reduction", "add"))
	c.at(10, "Scatter", all(x, n, x))
	c.add("ScatterND", all(x, zeros(256, 1), drawn(256, 512)))
	c.add("ScatterND", all(drawn(4, 8), zeros(4096, 1), drawn(4096, 8)), graph.StringAttr("reduction", "max"))
	c.at(24, "TensorScatter", all(drawn(4, 64, 64), drawn(4, 32, 64), zeros(4)))
	c.add("CumSum", all(x, i64(0)))
	c.add("CumSum", all(n, i64(1)), graph.IntAttr("reverse", 1))
	c.at(26, "CumProd", all(x, i64(1)))
	c.add("DepthToSpace", all(drawn(1, 64, 16, 16)), graph.IntAttr("blocksize", 4))
	c.add("SpaceToDepth", all(drawn(1, 4, 64, 64)), graph.IntAttr("blocksize", 4))
}

// makers has what makes much of little.
func (c *costTable) makers() {
	c.add("Expand", all(drawn(256), i64(128, 256)))
	c.add("Expand", all(drawn(1, 1), i64(200, 200)))
	c.add("Tile", all(drawn(4, 4), i64(40, 40)))
	c.at(5, "Tile", all(drawn(4, 4), whole(graph.Int64, nil, 3000), whole(graph.Int64, nil, 1)))
	c.add("ConstantOfShape", all(i64(200, 200)))
	c.add("ConstantOfShape", all(i64(200, 200)), &graph.Attr{Name: "value", Value: graph.Int64Tensor("", []int64{1}, []int64{3})})
	c.add("Constant", nil, &graph.Attr{Name: "value", Value: graph.Float32Tensor("", []int64{20000}, make([]float32, 20000))})
	c.add("Constant", nil, graph.IntsAttr("value_ints", make([]int64, 20000)...))
	c.add("EyeLike", all(drawn(200, 200)), graph.IntAttr("dtype", int64(graph.Int64)))
	c.add("Range", all(vec(0), vec(30000), vec(1)))
	c.add("Range", all(whole(graph.Int64, nil, 0), whole(graph.Int64, nil, 30000), whole(graph.Int64, nil, 1)))
	c.add("OneHot", all(zeros(64), i64(500), vec(0, 1)))
	c.add("OneHot", all(drawn(64), vec(500), vec(0, 1)), graph.IntAttr("axis", 0))
	c.add("Pad", all(drawn(2, 2), i64(100, 100, 100, 100)))
	c.add("Pad", all(drawn(2, 2), i64(100, 100)), graph.StringAttr("mode", "edge"))
	(*c)[len(*c)-1].in = all(drawn(2, 2), i64(100, 100), nil, i64(1))
	c.add("Pad", all(drawn(3, 3), i64(100, 100, 100, 100)), graph.StringAttr("mode", "wrap"))
	c.at(10, "Pad", all(drawn(3, 3)), graph.IntsAttr("pads", 100, 100, 100, 100))
	c.add("CenterCropPad", all(drawn(3, 3), i64(200, 200)))
	c.each("HannWindow HammingWindow BlackmanWindow", whole(graph.Int64, nil, 30000))
	c.add("MelWeightMatrix", all(i64(20), i64(4096), i64(16000), vec(0), vec(4000)))
	c.add("MelWeightMatrix", all(i64(4000), i64(16), i64(16000), vec(0), vec(4000)), graph.IntAttr("output_datatype", int64(graph.Double)))
	c.add("Resize", all(drawn(1, 1, 2, 2), nil, arr([]int{4}, 1, 1, 100, 100)))
	c.add("Resize", all(drawn(1, 1, 2, 2), nil, nil, i64(1, 1, 200, 200)), graph.StringAttr("mode", "linear"))
	c.add("Resize", all(drawn(1, 2, 100, 100), nil, nil, i64(1, 2, 7, 7)), graph.StringAttr("mode", "cubic"), graph.IntAttr("antialias", 1))
	c.add("Resize", all(drawn(1, 1, 2, 2), nil, arr([]int{2}, 150, 150)), graph.StringAttr("mode", "cubic"), graph.IntsAttr("axes", 2, 3))
	c.add("Resize", all(zeros(1, 1, 2, 2), nil, nil, i64(1, 1, 200, 200)), graph.StringAttr("mode", "linear"))
	c.at(10, "Resize", all(drawn(1, 1, 2, 2), arr([]int{4}, 1, 1, 100, 100)))
	c.at(9, "Upsample", all(drawn(1, 1, 2, 2), arr([]int{4}, 1, 1, 100, 100)))
	c.at(9, "Upsample", all(drawn(1, 1, 2, 2), arr([]int{4}, 1, 1, 100, 100)), graph.StringAttr("mode", "linear"))
	c.add("MaxUnpool", all(drawn(1, 1, 2, 2), zeros(1, 1, 2, 2)), graph.IntsAttr("kernel_shape", 2, 2), graph.IntsAttr("strides", 150, 150))
	c.add("MaxUnpool", all(drawn(1, 1, 2, 2), zeros(1, 1, 2, 2), i64(1, 1, 200, 200)), graph.IntsAttr("kernel_shape", 2, 2))
	c.add("DFT", all(drawn(1, 4, 1), i64(300)))
	c.add("DFT", all(drawn(32, 64, 2)))
	c.add("DFT", all(drawn(1, 200, 2), nil, nil), graph.IntAttr("onesided", 1), graph.IntAttr("inverse", 1))
	c.add("STFT", all(drawn(1, 300, 1), i64(1), nil, i64(64)))
	c.add("STFT", all(drawn(1, 300, 2), i64(2), drawn(32)), graph.IntAttr("onesided", 0))
	c.add("NonMaxSuppression", all(arr([]int{1, 300, 4}, 0), drawn(1, 40, 300), i64(1000), vec(2)))
	c.add("NonMaxSuppression", all(arr([]int{1, 300, 4}, 0), drawn(1, 4, 300)))
}

// windows has what slides over maps.
func (c *costTable) windows() {
	maps, kernel := drawn(2, 8, 24, 24), drawn(16, 8, 3, 3)
	bytes := func(shape ...int) *reference.Tensor {
		return whole(graph.Uint8, shape, zeros(shape...).Ints...)
	}
	one8 := whole(graph.Uint8, nil, 0)
	c.add("Conv", all(maps, kernel, drawn(16)))
	c.add("Conv", all(maps, kernel), graph.IntsAttr("strides", 2, 2), graph.IntsAttr("pads", 1, 1, 1, 1))
	c.add("Conv", all(drawn(2, 8, 24, 24), drawn(8, 1, 3, 3)), graph.IntAttr("group", 8))
	c.add("Conv", all(drawn(1, 1, 2, 2), drawn(1, 1, 1, 1)), graph.IntsAttr("pads", 100, 100, 100, 100))
	c.add("Conv", all(drawn(1, 1, 4000), drawn(1, 1, 1000)))
	c.add("Conv", all(drawn(1, 1, 2), drawn(1, 1, 2000)), graph.IntsAttr("pads", 3000, 3000))
	c.add("ConvInteger", all(bytes(2, 8, 24, 24), bytes(16, 8, 3, 3)))
	c.add("QLinearConv", all(bytes(2, 8, 24, 24), vec(1), one8, bytes(16, 8, 3, 3), vec(1), one8, vec(1), one8))
	c.add("ConvTranspose", all(drawn(2, 8, 12, 12), drawn(8, 16, 3, 3)), graph.IntsAttr("strides", 2, 2))
	c.add("ConvTranspose", all(drawn(1, 1, 2, 2), drawn(1, 1, 1, 1)), graph.IntsAttr("strides", 150, 150))
	c.add("ConvTranspose", all(drawn(1, 1, 2), drawn(1, 1, 2)), graph.IntsAttr("output_padding", 15000))
	c.add("DeformConv", all(drawn(1, 4, 16, 16), drawn(8, 4, 3, 3), drawn(1, 18, 14, 14)))
	c.add("Col2Im", all(drawn(1, 36, 900), i64(32, 32), i64(3, 3)))
	c.add("Col2Im", all(drawn(1, 1, 9), i64(1000, 1), i64(1, 1)), graph.IntsAttr("strides", 124, 1))
	c.each("MaxPool AveragePool LpPool", maps)
	for i := range 3 {
		(*c)[len(*c)-1-i].attrs = attrs(graph.IntsAttr("kernel_shape", 3, 3))
	}
	c.add("MaxPool", all(maps), graph.IntsAttr("kernel_shape", 20, 20), graph.IntsAttr("pads", 10, 10, 10, 10))
	c.add("AveragePool", all(maps), graph.IntsAttr("kernel_shape", 20, 20), graph.IntAttr("count_include_pad", 1))
	c.add("LpPool", all(drawn(1, 1, 2, 2)), graph.IntsAttr("kernel_shape", 120, 120), graph.IntsAttr("pads", 119, 119, 119, 119))
	c.add("MaxPool", all(zeros(1, 1, 100, 100)), graph.IntsAttr("kernel_shape", 2, 2))
	(*c)[len(*c)-1].in = all(bytes(1, 1, 100, 100))
}

// products has what multiplies matrices, and walks along sequences.
func (c *costTable) products() {
	c.add("MatMul", all(drawn(64, 128), drawn(128, 96)))
	c.add("MatMul", all(drawn(300, 1), drawn(1, 300)))
	c.add("MatMul", all(drawn(8, 1, 16, 16), drawn(1, 8, 16, 16)))
	c.add("MatMul", all(zeros(64, 64), zeros(64, 64)))
	c.add("MatMul", all(drawn(1, 512), drawn(512, 64)))
	c.add("Gemm", all(drawn(64, 128), drawn(128, 96), drawn(96)))
	c.add("Gemm", all(drawn(128, 64), drawn(96, 128), drawn(64, 96)), graph.IntAttr("transA", 1), graph.IntAttr("transB", 1))
	c.add("Gemm", all(drawn(300, 1), drawn(1, 300)))
	c.add("MatMulInteger", all(whole(graph.Uint8, []int{64, 64}, zeros(64, 64).Ints...), whole(graph.Uint8, []int{64, 64}, zeros(64, 64).Ints...)))
	u, one8 := whole(graph.Uint8, []int{64, 64}, zeros(64, 64).Ints...), whole(graph.Uint8, nil, 0)
	c.add("QLinearMatMul", all(u, vec(1), one8, u, vec(1), one8, vec(1), one8))
	for _, e := range []string{"ij,jk->ik", "ij,kl->ijkl", "ij,jk->", "ij,ij->i", "ij,jk->kij"} {
		c.add("Einsum", all(drawn(12, 12), drawn(12, 12)), graph.StringAttr("equation", e))
		c.add("Einsum", all(zeros(12, 12), zeros(12, 12)), graph.StringAttr("equation", e))
	}
	c.add("Einsum", all(drawn(64, 64), drawn(64, 64)), graph.StringAttr("equation", "ij,jk->ki"))
	c.add("Einsum", all(drawn(30), drawn(30), drawn(30)), graph.StringAttr("equation", "a,b,c->"))
	c.add("Det", all(drawn(4, 64, 64)))
	c.at(23, "Attention", all(drawn(1, 4, 64, 16), drawn(1, 4, 64, 16), drawn(1, 4, 64, 16)))
	c.at(23, "Attention", all(drawn(1, 64, 64), drawn(1, 64, 32), drawn(1, 64, 32), drawn(64, 64)), graph.IntAttr("q_num_heads", 4), graph.IntAttr("kv_num_heads", 2))
	c.at(23, "Attention", all(drawn(1, 1, 200, 1), drawn(1, 1, 1, 1), drawn(1, 1, 1, 1), nil, drawn(1, 1, 199, 1), drawn(1, 1, 199, 1)))
	c.at(23, "RotaryEmbedding", all(drawn(2, 4, 64, 32), drawn(64, 16), drawn(64, 16), zeros(2, 64)))
	c.at(27, "LinearAttention", all(drawn(1, 64, 32), drawn(1, 64, 32), drawn(1, 64, 32), nil, drawn(1, 64, 32), drawn(1, 64, 4)), graph.IntAttr("q_num_heads", 4), graph.IntAttr("kv_num_heads", 4))
	c.at(27, "LinearAttention", all(drawn(1, 4, 128), drawn(1, 4, 128), drawn(1, 4, 128)), graph.IntAttr("q_num_heads", 1), graph.IntAttr("kv_num_heads", 1), graph.StringAttr("update_rule", "linear"))
	c.at(27, "CausalConvWithState", all(drawn(2, 8, 512), drawn(8, 1, 8), drawn(8)))
	c.at(27, "CausalConvWithState", all(drawn(2, 8, 2), drawn(8, 1, 2000), drawn(8)))
	c.add("RNN", all(drawn(32, 4, 64), drawn(1, 64, 64), drawn(1, 64, 64)))
	c.add("GRU", all(drawn(32, 4, 64), drawn(1, 192, 64), drawn(1, 192, 64), drawn(1, 384)))
	c.add("LSTM", all(drawn(32, 4, 64), drawn(2, 256, 64), drawn(2, 256, 64)), graph.StringAttr("direction", "bidirectional"))
	c.add("RNN", all(drawn(500, 1, 1), drawn(1, 100, 1), drawn(1, 100, 100)))
}

// lookups has what reads maps between their elements.
func (c *costTable) lookups() {
	place := func(shape ...int) *reference.Tensor {
		t := drawn(shape...)
		for i := range t.Floats {
			t.Floats[i] *= 0.3
		}
		return t
	}
	for _, mode := range []string{"linear", "nearest", "cubic"} {
		c.add("GridSample", all(drawn(1, 4, 16, 16), place(1, 64, 64, 2)), graph.StringAttr("mode", mode))
		c.add("GridSample", all(drawn(1, 1, 4, 4, 4), place(1, 16, 16, 16, 3)), graph.StringAttr("mode", mode), graph.StringAttr("padding_mode", "border"))
	}
	c.add("AffineGrid", all(drawn(2, 2, 3), i64(2, 3, 100, 100)))
	c.add("AffineGrid", all(drawn(1, 3, 4), i64(1, 3, 20, 20, 20)))
	c.add("RoiAlign", all(drawn(1, 4, 16, 16), arr([]int{8, 4}, 0.5), zeros(8)), graph.IntAttr("output_height", 20), graph.IntAttr("output_width", 20), graph.IntAttr("sampling_ratio", 2))
	rois := slicesRepeat(16, 0, 0, 200, 200)
	c.add("RoiAlign", all(drawn(1, 1, 16, 16), arr([]int{16, 4}, rois...), zeros(16)))
}

func slicesRepeat(n int, v ...float64) (all []float64) {
	for range n {
		all = append(all, v...)
	}
	return all
}
