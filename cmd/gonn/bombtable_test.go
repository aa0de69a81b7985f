package main

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// mean is one number of the pictures, which constants cannot tell.
func mean() *graph.Node { return node("m = ReduceMean x", graph.IntAttr("keepdims", 0)) }

// grown is a bomb whose nodes are given a value "big" of a size, made of the pictures.
func grown(name string, dims []int64, nodes ...*graph.Node) bomb {
	return bomb{name: name, nodes: append([]*graph.Node{mean(), node("big = Expand m dims")}, nodes...), ints: map[string][]int64{"dims": dims}}
}

// with adds an initializer of integers.
func (b bomb) with(name string, v ...int64) bomb {
	b.ints[name] = v
	return b
}

// on sets the opset.
func (b bomb) on(opset int64) bomb {
	b.opset = opset
	return b
}

var (
	intsAttr = graph.IntsAttr
	textAttr = graph.StringAttr
)

// bombs are graphs of a few hundred bytes, but for those of many nodes or inputs.
func bombs() []bomb {
	all := append(growingBombs(), workingBombs()...)
	return append(append(all, loopingBombs()...), foldedBombs()...)
}

// growingBombs make much of little.
func growingBombs() []bomb {
	many := func(of string, n int) string { return strings.Repeat(" "+of, n) }
	pictures := func(name string, nodes ...*graph.Node) bomb {
		return bomb{name: name, nodes: nodes, ints: map[string][]int64{}}
	}
	return []bomb{
		pictures("Tile", node("t = Tile x r")).with("r", 1, 1, 900, 900),
		pictures("Tile of a Tile", node("a = Tile x r"), node("b = Tile a r"), node("t = Tile b r")).with("r", 1, 1, 30, 30),
		grown("Expand", []int64{1 << 14, 1 << 14}, node("t = Identity big")),
		grown("Concat of one value", []int64{1 << 16}, node("t = Concat"+many("big", 20000), graph.IntAttr("axis", 0))),
		pictures("Concat, doubled", chain(40, "Concat _ _", "x", graph.IntAttr("axis", 3))...),
		grown("Sum of many", []int64{1 << 20}, node("t = Sum big"+many("m", 20000))),
		grown("outer product", []int64{1 << 15, 1}, node("r = Transpose big"), node("t = MatMul big r")),
		grown("outer sum", []int64{1 << 15, 1}, node("r = Transpose big"), node("t = Add big r")),
		grown("outer choice", []int64{1 << 15, 1}, node("r = Transpose big"), node("c = Greater big r"), node("t = Where c big r")),
		grown("Einsum", []int64{300, 300}, node("t = Einsum big big", textAttr("equation", "ab,cd->abcd"))),
		grown("Einsum, summed", []int64{300, 300}, node("t = Einsum big big big", textAttr("equation", "ab,cd,ef->"))),
		pictures("Conv of pads", node("k = ReduceMean x"), node("o = Expand k ones"), node("t = Conv x o", intsAttr("pads", 9000, 9000, 9000, 9000))).with("ones", 1, 1, 1, 1),
		pictures("ConvTranspose of strides", node("k = ReduceMean x"), node("o = Expand k ones"), node("t = ConvTranspose x o", intsAttr("strides", 900, 900))).with("ones", 1, 1, 1, 1),
		pictures("ConvTranspose of a shape", node("k = ReduceMean x"), node("o = Expand k ones"), node("t = ConvTranspose x o", intsAttr("output_shape", 20000, 20000))).with("ones", 1, 1, 1, 1),
		pictures("Resize to sizes", node("t = Resize x - - r")).with("r", 1, 1, 14000, 14000),
		pictures("Resize there and back", node("a = Resize x - - r"), node("t = Resize a - - q")).with("r", 1, 1, 16000, 1).with("q", 1, 1, 1, 1<<27),
		{name: "Upsample", opset: 9, nodes: []*graph.Node{node("t = Upsample x r")}, reals: map[string][]float32{"r": {1, 1, 800, 800}}},
		{name: "OneHot", nodes: []*graph.Node{node("i = Cast x", graph.IntAttr("to", int64(graph.Int64))), node("t = OneHot i d0 v")}, ints: map[string][]int64{"d0": {1 << 20}}, reals: map[string][]float32{"v": {0, 1}}},
		pictures("Range", mean(), node("z = Cast m", graph.IntAttr("to", int64(graph.Int64))), node("e = Add z e0"), node("t = Range z e d0")).with("e0", 1<<27).with("d0", 1),
		pictures("ConstantOfShape", node("s = Shape x"), node("d = Mul s r"), node("t = ConstantOfShape d")).with("r", 1, 1, 900, 900),
		pictures("Pad that wraps", node("t = Pad x r", textAttr("mode", "wrap"))).with("r", 0, 0, 9000, 9000, 0, 0, 9000, 9000),
		pictures("CenterCropPad", node("t = CenterCropPad x r", intsAttr("axes", 2, 3))).with("r", 20000, 20000),
		grown("Gather of one row", []int64{1, 1 << 16}, node("i = Cast big", graph.IntAttr("to", int64(graph.Int64))), node("j = Flatten i"), node("k = Mul j z0"), node("t = Gather big k")).with("z0", 0),
		grown("GatherND of one row", []int64{1, 1 << 14}, node("i = Cast big", graph.IntAttr("to", int64(graph.Int64))), node("k = Mul i z0"), node("c = Reshape k q"), node("t = GatherND big c")).with("z0", 0).with("q", -1, 1),
		grown("NonZero of many axes", []int64{8, 8, 8, 8, 8, 8, 8, 2}, node("o = Cos big"), node("t = NonZero o")),
		grown("Cast to text", []int64{1 << 23}, node("t = Cast big", graph.IntAttr("to", int64(graph.String)))),
		pictures("MaxUnpool", node("i = Cast x", graph.IntAttr("to", int64(graph.Int64))), node("k = Mul i z0"), node("t = MaxUnpool x k", intsAttr("kernel_shape", 1, 1), intsAttr("strides", 900, 900))).with("z0", 0),
		pictures("HannWindow", mean(), node("z = Cast m", graph.IntAttr("to", int64(graph.Int64))), node("e = Add z e0"), node("t = HannWindow e")).with("e0", 1<<27),
		{name: "MelWeightMatrix", nodes: []*graph.Node{mean(), node("z = Cast m", graph.IntAttr("to", int64(graph.Int64))), node("n = Add z n0"), node("lo = Mul m zero"), node("w = MelWeightMatrix n n r0 lo hi")},
			ints: map[string][]int64{"n0": {1 << 14}, "r0": {16000}}, reals: map[string][]float32{"zero": {0}, "hi": {4000}}, last: "w"},
		{name: "AffineGrid", nodes: []*graph.Node{mean(), node("a = Expand m d"), node("w = AffineGrid a s")}, ints: map[string][]int64{"d": {1, 2, 3}, "s": {1, 1, 20000, 20000}}, last: "w"},
		grown("many that are held", []int64{1 << 20}, held(200)...),
	}
}

// held are n values, and a node that needs all of them.
func held(n int) (nodes []*graph.Node) {
	sum := "t = Sum"
	for i := range n {
		name := fmt.Sprint("h", i)
		nodes, sum = append(nodes, node(name+" = Neg big")), sum+" "+name
	}
	return append(nodes, node(sum))
}

// workingBombs take long.
func workingBombs() []bomb {
	million := []int64{1 << 20}
	return []bomb{
		grown("Cos again and again", million, chain(3000, "Cos _", "big")...),
		grown("MatMul again and again", []int64{1024, 1024}, chain(500, "MatMul _ big", "big")...),
		grown("Conv of a large kernel", []int64{1, 1, 512, 512}, node("k = Slice big z q a"), node("t = Conv big k", intsAttr("pads", 100, 100, 100, 100))).with("z", 0, 0).with("q", 400, 400).with("a", 2, 3),
		grown("ConvTranspose of a large kernel", []int64{1, 1, 400, 400}, node("t = ConvTranspose big big")),
		grown("DeformConv", []int64{1, 16, 64, 64}, node("o = Expand m os"), node("w = Expand m ws"), node("t = DeformConv big w o")).with("os", 1, 450, 50, 50).with("ws", 256, 16, 15, 15),
		grown("MaxPool of a large kernel", []int64{1, 1, 1000, 1000}, node("t = MaxPool big", intsAttr("kernel_shape", 400, 400))),
		grown("LpPool of pads", []int64{1, 1, 600, 600}, node("t = LpPool big", intsAttr("kernel_shape", 400, 400), intsAttr("pads", 399, 399, 399, 399))),
		grown("LRN over all channels", []int64{1, 4096, 8, 16}, node("t = LRN big", graph.IntAttr("size", 8191))),
		grown("Det", []int64{2500, 2500}, node("t = Det big")),
		grown("NonMaxSuppression", []int64{1, 1, 1 << 16}, node("b = Expand m bs"), node("o = Cos big"), node("c = CumSum o two0"), node("n = NonMaxSuppression b c lots0 over")).with("bs", 1, 1<<16, 4).with("two0", 2).with("lots0", 1<<16).real("over", 2).end("n"),
		grown("TopK", []int64{1 << 23}, node("v t = TopK big k")).with("k", 1<<23),
		grown("Unique", []int64{1 << 22}, node("o = Cos big"), node("v i t = Unique o")),
		grown("DFT", []int64{1, 1 << 17, 1}, node("t = DFT big")),
		grown("STFT", []int64{1, 1 << 14, 1}, node("t = STFT big one0 - len0")).with("one0", 1).with("len0", 4096),
		grown("LSTM", []int64{100000, 1, 8}, node("w = Expand m ws"), node("r = Expand m rs"), node("t = LSTM big w r", graph.IntAttr("hidden_size", 64))).with("ws", 1, 256, 8).with("rs", 1, 256, 64),
		grown("Attention", []int64{1, 8, 20000, 8}, node("t = Attention big big big")).on(23),
		grown("LinearAttention", []int64{1, 2000, 1024}, node("t = LinearAttention big big big", graph.IntAttr("q_num_heads", 1), graph.IntAttr("kv_num_heads", 1), textAttr("update_rule", "linear"))).on(27),
		grown("CausalConvWithState", []int64{1, 1, 60000}, node("w = Expand m ws"), node("t = CausalConvWithState big w")).with("ws", 1, 1, 60000).on(27),
		grown("GridSample", []int64{1, 64, 8, 8, 8}, node("g = Expand m gs"), node("t = GridSample big g", textAttr("mode", "cubic"))).with("gs", 1, 64, 64, 64, 3),
		grown("RoiAlign", []int64{1, 64, 32, 32}, node("r = Expand m rs"), node("i = Cast m", graph.IntAttr("to", int64(graph.Int64))), node("j = Expand i is"), node("t = RoiAlign big r j", graph.IntAttr("sampling_ratio", 1000), graph.IntAttr("output_height", 4), graph.IntAttr("output_width", 4))).with("rs", 8, 4).with("is", 8),
		grown("Resize that smooths", []int64{1, 1, 3000, 3000}, node("t = Resize big - - r", textAttr("mode", "cubic"), graph.IntAttr("antialias", 1))).with("r", 1, 1, 2999, 2999),
		grown("Pow of integers", []int64{1 << 22}, chain(100, "Pow _ big", "big")...),
		grown("Gemm", []int64{2000, 2000}, chain(50, "Gemm _ big", "big", graph.IntAttr("transA", 1), graph.IntAttr("transB", 1))...),
		grown("ScatterND", []int64{1 << 20}, chain(200, "CumSum _ zero0", "big")...).with("zero0", 0),
	}
}

// real adds an initializer of numbers, end names the last value.
func (b bomb) real(name string, v ...float32) bomb {
	b.reals = map[string][]float32{name: v}
	return b
}

func (b bomb) end(value string) bomb {
	b.last = value
	return b
}

// loopingBombs have graphs inside of nodes.
func loopingBombs() []bomb {
	loop := func(name string, b *graph.Attr) bomb {
		return bomb{name: name, nodes: []*graph.Node{mean(), node("t = Loop n0 - m", b)}, ints: map[string][]int64{"n0": {100000}}}
	}
	inner := node("r = Loop k - c", body("j go2 d", "go2 e", node("e = Neg d")))
	weights := body("i go c", "go r", node("s = ReduceSum w", graph.IntAttr("keepdims", 0)), node("r = Add c s"))
	weights.Value.(*graph.Graph).Initializers = []*graph.Tensor{graph.Float32Tensor("w", []int64{100000}, make([]float32, 100000))}
	return []bomb{
		{name: "Loop that doubles", nodes: []*graph.Node{node("t = Loop n0 - x", body("i go c", "go r", node("r = Concat c c", graph.IntAttr("axis", 3))))}, ints: map[string][]int64{"n0": {100}}},
		{name: "Loop that shows", nodes: []*graph.Node{node("a t = Loop n0 - x", body("i go c", "go r q", node("r = Neg c"), node("q = Cos c")))}, ints: map[string][]int64{"n0": {100000}}},
		loop("Loop in a Loop", body("i go c", "go r", node("k = Constant", graph.TensorAttr("value", graph.Int64Tensor("", nil, []int64{100000}))), inner)),
		loop("Loop of constants", weights),
		{name: "Scan", nodes: []*graph.Node{mean(), node("big = Expand m dims"), node("t = Scan m big", body("c s", "r", node("q = ReduceSum s", graph.IntAttr("keepdims", 0)), node("r = Add c q")), graph.IntAttr("num_scan_inputs", 1))}, ints: map[string][]int64{"dims": {1 << 23, 1}}},
	}
}

// foldedBombs are of constants: importing them is the work.
func foldedBombs() []bomb {
	folded := func(name string, dims []int64, nodes ...*graph.Node) bomb {
		return bomb{name: name, nodes: append(append([]*graph.Node{node("big = ConstantOfShape dims")}, nodes...), node("e = ReduceMean f"), node("t = Mul x e")), ints: map[string][]int64{"dims": dims}}
	}
	last := func(nodes []*graph.Node) []*graph.Node {
		nodes[len(nodes)-1].Outputs = []string{"f"}
		return nodes
	}
	return []bomb{
		folded("folded Tile", []int64{1 << 10}, node("f = Tile big r")).with("r", 1<<18),
		folded("folded MatMul", []int64{512, 512}, last(chain(2000, "MatMul _ big", "big"))...),
		folded("folded Exp", []int64{1 << 18}, last(chain(2000, "Exp _", "big"))...),
		folded("folded Neg", []int64{1 << 22}, last(chain(50, "Neg _", "big"))...),
		folded("folded NonZero", []int64{1 << 20}, node("o = Cos big"), node("f0 = NonZero o"), node("f = Cast f0", graph.IntAttr("to", int64(graph.Float)))),
		folded("folded Loop", []int64{16}, node("f = Loop n0 - big", body("i go c", "go r", node("r = Concat c c", graph.IntAttr("axis", 0))))).with("n0", 40),
		{name: "90,000 nodes", long: true, nodes: chain(90000, "Neg _", "x")},
		{name: "60,000 nodes of shapes", long: true, nodes: append([]*graph.Node{node("s = Shape x")}, chain(60000, "Add _ _", "s")...)},
	}
}
