package onnxio

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// hostileFunctions are broken files with functions, y = f(x). Package graph does not
// write functions, and tries what is wrong with them at length.
func hostileFunctions() []hostile {
	with := func(call *graph.Node, functions ...[]byte) []byte {
		m := model(nn.Shape{4}, nil, call)
		m.Opsets = append(m.Opsets, graph.Opset{Domain: "own", Version: 1})
		return append(m.Bytes(), bytes.Join(functions, nil)...)
	}
	call := func(inputs, outputs string) *graph.Node {
		n := node("f", inputs, outputs)
		n.Name, n.Domain = "call", "own"
		return n
	}
	missing := call("x", "y")
	missing.OpType = "g"
	alpha := call("x", "y")
	alpha.Attrs = []*graph.Attr{graph.FloatAttr("alpha", 1)}
	const inCall = `node 0 "call" (f): `
	// Each of 20 functions calls the next twice: 2²⁰ nodes.
	var bomb [][]byte
	for c := byte('f'); c < 'f'+20; c++ {
		inner := innerNode(string(c+1), "own", "a", "h")
		bomb = append(bomb, function(string(c), inner, innerNode(string(c+1), "own", "h", "b")))
	}
	bomb = append(bomb, function(string(rune('f'+20)), innerNode("Relu", "", "a", "b")))
	return []hostile{
		{"function-recursion.onnx", with(call("x", "y"), function("f", innerNode("g", "own", "a", "b")), function("g", innerNode("f", "own", "a", "b"))), "it calls itself"},
		{"function-bomb.onnx", with(call("x", "y"), bomb...), "with its functions inlined the model has more than 100000 nodes"},
		{"function-missing.onnx", with(missing, function("f", innerNode("Relu", "", "a", "b"))), `g "call" (no layer for this operator)`},
		{"function-inputs.onnx", with(call("x x", "y"), function("f", innerNode("Relu", "", "a", "b"))), inCall + `it has 2 inputs, but function "own::f" only 1`},
		{"function-outputs.onnx", with(call("x", "y z"), function("f", innerNode("Relu", "", "a", "b"))), inCall + `it has 2 outputs, but function "own::f" only 1`},
		{"function-attribute.onnx", with(alpha, function("f", innerNode("Relu", "", "a", "b"))), inCall + `attribute "alpha" is not known`},
		{"function-reference.onnx", with(call("x", "y"), function("f", innerNode("LeakyRelu", "", "a", "b", message(5, text(1, "alpha"), text(21, "slope"), varint(20, 1))))), `ref_attr_name "slope": the function has no attribute of that name`},
		{"function-value.onnx", with(call("x", "y"), function("f", innerNode("Add", "", "x", "b"))), `function "own::f": node 0 "" (Add): input 0 "x": no graph input, initializer or node defines it`},
		{"function-twice.onnx", with(call("x", "y"), function("f", innerNode("Relu", "", "a", "b")), function("f", innerNode("Exp", "", "a", "b"))), `function "own::f" is there twice`},
		{"function-opset.onnx", with(call("x", "y"), function("f", innerNode("Relu", "", "a", "b"), message(9, varint(2, 12)))), `opset_import: domain "" is there twice`},
	}
}

// function is the field functions of a model: f(a) = b of these nodes, for opset 20.
func function(name string, parts ...[]byte) []byte {
	const functions = 25
	return message(functions, text(1, name), text(10, "own"), text(4, "a"), text(5, "b"),
		message(9, varint(2, 20)), message(9, text(1, "own"), varint(2, 1)), bytes.Join(parts, nil))
}

// innerNode is a node of a function, from one value to another.
func innerNode(op, domain, from, to string, attrs ...[]byte) []byte {
	return message(7, text(1, from), text(2, to), text(4, op), text(7, domain), bytes.Join(attrs, nil))
}

func message(field protowire.Number, parts ...[]byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), bytes.Join(parts, nil))
}

func text(field protowire.Number, s string) []byte { return message(field, []byte(s)) }

func varint(field protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, field, protowire.VarintType), v)
}
