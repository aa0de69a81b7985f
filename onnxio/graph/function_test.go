package graph

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// ownHead is what a model that calls functions of domain "own" needs besides its
// graph.
func ownHead() []byte { return msg(head(), sub(8, str(1, "own"), num(2, 1))) }

// calling is a model y = (nodes of f)(x) with functions; f is called once, as "call".
func calling(call []byte, functions ...[]byte) []byte {
	return msg(ownHead(), sub(7, str(2, "g"), sub(11, str(1, "x"), sub(2, sub(1, num(1, 1)))), sub(12, str(1, "y")), call), msg(functions...))
}

// callOf is a node "call" of function f.
func callOf(fields ...[]byte) []byte {
	return sub(1, str(3, "call"), str(4, "f"), str(7, "own"), msg(fields...))
}

// fn is a function of domain "own" that may use ONNX's operators and its own domain.
func fn(name string, fields ...[]byte) []byte {
	return sub(25, str(1, name), str(10, "own"), sub(9, num(2, 16)), sub(9, str(1, "own"), num(2, 1)), msg(fields...))
}

// op is a node of a function (field 7): from inputs and to outputs by spaces, "-" for
// one that is left out.
func op(kind, from, to string, fields ...[]byte) []byte {
	return sub(7, str(4, kind), names(1, from), names(2, to), msg(fields...))
}

// own is op for a call of a function of domain "own".
func own(kind, from, to string, fields ...[]byte) []byte {
	return op(kind, from, to, str(7, "own"), msg(fields...))
}

func names(num protowire.Number, list string) (b []byte) {
	for _, name := range strings.Fields(list) {
		b = append(b, str(num, strings.TrimSuffix(name, "-"))...)
	}
	return b
}

// ports are the inputs and outputs of a function.
func ports(from, to string) []byte { return msg(names(4, from), names(5, to)) }

// relu is a function f of one node.
func relu() []byte { return fn("f", ports("a", "b"), op("Relu", "a", "b")) }

// neg is a node y = Neg(x) of the graph.
func neg() []byte { return sub(1, str(4, "Neg"), xy()) }

func xy() []byte { return msg(str(1, "x"), str(2, "y")) }

// print writes nodes as a person would, nested graphs in braces.
func printNodes(nodes []*Node) string {
	var b strings.Builder
	for _, n := range nodes {
		fmt.Fprintf(&b, "%s: %s=%s(%s)", n.Name, strings.Join(n.Outputs, ","), n.OpType, strings.Join(n.Inputs, ","))
		for _, a := range n.Attrs {
			if g, ok := a.Value.(*Graph); ok {
				fmt.Fprintf(&b, " %s{", a.Name)
				for _, t := range g.Initializers {
					fmt.Fprintf(&b, "const %s; ", t.Name)
				}
				fmt.Fprintf(&b, "%s", printNodes(g.Nodes))
				for _, v := range g.Outputs {
					fmt.Fprintf(&b, "→%s", v.Name)
				}
				b.WriteString("}")
			} else {
				fmt.Fprintf(&b, " %s=%v", a.Name, a.Value)
			}
		}
		b.WriteString("; ")
	}
	return b.String()
}

func TestFunctionsAreInlined(t *testing.T) {
	attr := func(name string, fields ...[]byte) []byte { return sub(5, str(1, name), msg(fields...)) }
	constant := sub(5, str(8, "t"), num(2, 1), str(9, "abcd")) // an initializer of a graph
	then := sub(5, str(1, "then_branch"), num(20, 5), sub(6, str(2, "then"), constant,
		sub(1, str(4, "Add"), names(1, "a t"), names(2, "c")), sub(12, str(1, "c"))))
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"one node", calling(callOf(xy()), relu()), "call/Relu: y=Relu(x); "},
		{"inner names follow the call's", calling(callOf(xy()), fn("f", ports("a", "b"), op("Neg", "a", "h", str(3, "first")), op("Exp", "h", "b", str(3, "second")))),
			"call/first: call/h=Neg(x); call/second: y=Exp(call/h); "},
		{"a call without a name has its output's", calling(sub(1, str(4, "f"), str(7, "own"), xy()), fn("f", ports("a", "b"), op("Neg", "a", "h"), op("Exp", "h", "b"))),
			"y/Neg: y/h=Neg(x); y/Exp: y=Exp(y/h); "},
		{"names that exist get a number", calling(msg(sub(1, str(4, "Abs"), names(1, "x"), names(2, "call/h")), callOf(xy())), fn("f", ports("a", "b"), op("Neg", "a", "h"), op("Exp", "h", "b"))),
			": call/h=Abs(x); call/Neg: call/h_1=Neg(x); call/Exp: y=Exp(call/h_1); "},
		{"names of types of values exist too", calling(msg(sub(13, str(1, "call/h")), callOf(xy())), fn("f", ports("a", "b"), op("Neg", "a", "h"), op("Exp", "h", "b"))),
			"call/Neg: call/h_1=Neg(x); call/Exp: y=Exp(call/h_1); "},
		{"two calls of one name", calling(msg(callOf(names(1, "x"), names(2, "m")), callOf(names(1, "m"), names(2, "y"))), fn("f", ports("a", "b"), op("Neg", "a", "h"), op("Exp", "h", "b"))),
			"call/Neg: call/h=Neg(x); call/Exp: m=Exp(call/h); call/Neg: call/h_1=Neg(m); call/Exp: y=Exp(call/h_1); "},
		{"calls inside calls", calling(callOf(xy()), fn("f", ports("a", "b"), own("g", "a", "h"), own("g", "h", "b", str(3, "again"))), fn("g", ports("b", "a"), op("Neg", "b", "h"), op("Exp", "h", "a"))),
			"call/g/Neg: call/g/h=Neg(x); call/g/Exp: call/h=Exp(call/g/h); call/again/Neg: call/again/h=Neg(call/h); call/again/Exp: y=Exp(call/again/h); "},
		{"functions of no nodes", calling(msg(callOf(xy())), fn("f", ports("a", "b"), own("g", "a", ""), op("Neg", "a", "b")), fn("g", ports("a", ""))),
			"call/Neg: y=Neg(x); "},
		{"an output that is an input", calling(callOf(xy()), fn("f", ports("a", "a"))), "call/a: y=Identity(x); "},
		{"an output twice", calling(callOf(names(1, "x"), names(2, "y z")), fn("f", ports("a", "b b"), op("Neg", "a", "b"))), "call/Neg: y=Neg(x); call/b: z=Identity(y); "},
		{"outputs left out", calling(callOf(names(1, "x"), names(2, "- y")), fn("f", ports("a", "b c d"), op("Three", "a", "b c d"))), "call/Three: call/b,y,call/d=Three(x); "},
		{"an optional output of a node left out", calling(callOf(xy()), fn("f", ports("a", "b"), op("Two", "a", "- b"))), "call/Two: ,y=Two(x); "},
		{"inputs left out", calling(callOf(names(1, "- x"), names(2, "y")), fn("f", ports("a b c", "d"), op("Op", "a b c b", "d"))), "call/Op: y=Op(,x,,x); "},
		{"an attribute of the call", calling(callOf(xy(), attr("k", num(3, 7), num(20, 2))), fn("f", ports("a", "b"), str(6, "k"), op("Op", "a", "b", attr("axis", num(20, 2), str(21, "k"))))), "call/Op: y=Op(x) axis=7; "},
		{"the default of an attribute", calling(callOf(xy()), fn("f", ports("a", "b"), sub(11, str(1, "k"), num(3, 5), num(20, 2)), op("Op", "a", "b", attr("axis", num(20, 2), str(21, "k"))))), "call/Op: y=Op(x) axis=5; "},
		{"an attribute without a value", calling(callOf(xy()), fn("f", ports("a", "b"), str(6, "k"), op("Op", "a", "b", attr("axis", num(20, 2), str(21, "k"))))), "call/Op: y=Op(x); "},
		{"a nested graph", calling(callOf(xy()), fn("f", ports("a", "b"), op("If", "a", "b", then))), "call/If: y=If(x) then_branch{const call/t; call/Add: call/c=Add(x,call/t); →call/c}; "},
		{"a name in a graph and after it", calling(callOf(xy()), fn("f", ports("a", "c"), op("If", "a", "d", then), op("Neg", "d", "c"))),
			"call/If: call/d=If(x) then_branch{const call/t; call/Add: call/c=Add(x,call/t); →call/c}; call/Neg: y=Neg(call/d); "},
		{"a call in a nested graph", calling(sub(1, str(4, "If"), xy(), sub(5, str(1, "then_branch"), num(20, 5), sub(6, str(2, "then"), callOf(names(1, "x"), names(2, "t")), sub(12, str(1, "t"))))), relu()),
			": y=If(x) then_branch{call/Relu: t=Relu(x); →t}; "},
		{"an operator beside a function of its name", msg(head(), sub(7, sub(11, str(1, "x"), sub(2, sub(1, num(1, 1)))), sub(12, str(1, "y")), sub(1, str(4, "Relu"), xy())),
			sub(25, str(1, "Relu"), sub(9, num(2, 16)), ports("a", "b"), op("Max", "a", "b"))), ": y=Relu(x); "},
		{"one of ONNX's domain spelled out", msg(head(), sub(7, sub(11, str(1, "x"), sub(2, sub(1, num(1, 1)))), sub(12, str(1, "y")), sub(1, str(4, "Relu"), xy())),
			sub(25, str(1, "Relu"), str(10, "ai.onnx"), sub(9, num(2, 16)), ports("a", "b"), op("Max", "a", "b"))), ": y=Relu(x); "},
		{"a function of another domain with an operator's name", calling(sub(1, str(3, "call"), str(4, "Relu"), str(7, "own"), xy()),
			fn("Relu", ports("a", "b"), op("Relu", "a", "c"), op("Neg", "c", "b"))), "call/Relu: call/c=Relu(x); call/Neg: y=Neg(call/c); "},
		{"a function that nobody calls", calling(neg(), fn("f", ports("a", "b"), own("f", "a", "b"))), ": y=Neg(x); "},
		{"the functions before the graph", msg(relu(), calling(callOf(xy()))), "call/Relu: y=Relu(x); "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Read(test.file)
			if err != nil {
				t.Fatal(err)
			}
			if got := printNodes(m.Graph.Nodes); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if err := tryRead(test.file); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFunctionsBringTheirOpsets(t *testing.T) {
	m, err := Read(calling(callOf(xy()), fn("f", ports("a", "b"), sub(9, str(1, "other"), num(2, 3)), op("Op", "a", "b", str(7, "other")))))
	if want := []Opset{{"", 16}, {"own", 1}, {"other", 3}}; err != nil || !reflect.DeepEqual(m.Opsets, want) {
		t.Errorf("opsets %v, %v, want %v", m.Opsets, err, want)
	}
}

// What a function has that does not compute is dropped.
func TestAnnotationsOfFunctionsAreDropped(t *testing.T) {
	m, err := Read(calling(callOf(xy()), fn("f", ports("a", "b"), str(8, "doc"), sub(12, str(1, "h"), sub(2, sub(4))), sub(14, str(1, "k"), str(2, "v")),
		op("Relu", "a", "b", str(6, "doc"), str(8, "")))))
	if err != nil {
		t.Fatal(err)
	}
	want := &Node{Name: "call/Relu", OpType: "Relu", Inputs: []string{"x"}, Outputs: []string{"y"}}
	if !reflect.DeepEqual(m.Graph.Nodes, []*Node{want}) {
		t.Errorf("got %+v, want %+v", m.Graph.Nodes[0], want)
	}
}

// Copies of a node may be changed one by one.
func TestCallsDoNotShareNodesOrAttributes(t *testing.T) {
	file := calling(msg(callOf(names(1, "x"), names(2, "m")), callOf(names(1, "m"), names(2, "y"))),
		fn("f", ports("a", "b"), op("Op", "a", "b", sub(5, str(1, "axis"), num(3, 1), num(20, 2)))))
	m, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	m.Graph.Nodes[0].Attr("axis").Value = int64(9)
	if axis, err := m.Graph.Nodes[1].Int("axis", 0); err != nil || axis != 1 {
		t.Errorf("the other call's axis is %d, %v, want 1", axis, err)
	}
}

func TestBadFunctionsAreRefusedByNameAndPlace(t *testing.T) {
	param := func(fields ...[]byte) []byte { return sub(5, str(1, "axis"), msg(fields...)) }
	const (
		inF    = `function "own::f": `
		inCall = `graph "g": node 0 "call" (f): `
		inOp   = inF + `node 0 "" (Op): `
		inAxis = inOp + `attribute "axis": `
	)
	deep := func(n int) []byte { // f calls f1 calls f2 …
		file := calling(callOf(xy()), fn("f", ports("a", "b"), own("f1", "a", "b")))
		for i := 1; i < n; i++ {
			file = append(file, fn(fmt.Sprintf("f%d", i), ports("a", "b"), own(fmt.Sprintf("f%d", i+1), "a", "b"))...)
		}
		return append(file, fn(fmt.Sprintf("f%d", n), ports("a", "b"), op("Neg", "a", "b"))...)
	}
	graphs := func(depth int) []byte { // field 7 of a function: graphs inside each other
		g := sub(6, str(2, "g"))
		for range depth - 1 {
			g = sub(6, str(2, "g"), sub(1, str(4, "If"), sub(5, str(1, "then_branch"), num(20, 5), g)))
		}
		return op("If", "", "", sub(5, str(1, "then_branch"), num(20, 5), g))
	}
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"no name", calling(nil, sub(25, str(10, "own"))), `function "own::": it has no name`},
		{"twice", calling(callOf(xy()), relu(), relu()), `function "own::f" is there twice`},
		{"unknown field", calling(nil, fn("f", num(2, 1))), inF + "FunctionProto: field number 2 is not known"},
		{"undefined input", calling(nil, fn("f", ports("a", "b"), op("Relu", "x", "b"))), inF + `node 0 "" (Relu): input 0 "x": no graph input, initializer or node defines it`},
		{"undefined output", calling(nil, fn("f", ports("a", "b"))), inF + `output 0 "b": nothing in the graph defines it`},
		{"nodes in a cycle", calling(nil, fn("f", ports("a", "b"), op("Neg", "c", "b"), op("Neg", "b", "c"))), inF + `nodes form a cycle, each reading a result of the next and the last one of the first: node (Neg) with output "b", node (Neg) with output "c"`},
		{"input twice", calling(nil, fn("f", ports("a a", ""))), inF + `input 1 "a": the name is defined twice`},
		{"domain not imported", calling(nil, sub(25, str(1, "f"), str(10, "own"), ports("a", "b"), op("Neg", "a", "b"))), inF + `node 0 "" (Neg): domain "" is not in opset_import`},
		{"opset twice", calling(nil, fn("f", sub(9, num(2, 17)))), inF + `opset_import: domain "" is there twice`},
		{"attribute twice", calling(nil, fn("f", str(6, "k"), str(6, "k"))), inF + `attribute "k" is there twice`},
		{"attribute with and without default", calling(nil, fn("f", str(6, "k"), sub(11, str(1, "k"), num(20, 2)))), inF + `attribute "k" is there twice`},
		{"graph as a default", calling(nil, fn("f", sub(11, str(1, "k"), num(20, 5), sub(6)))), inF + `attribute "k": a graph as the default of an attribute is not read`},
		{"default that refers", calling(nil, fn("f", str(6, "k"), sub(11, str(1, "l"), num(20, 2), str(21, "k")))), inF + `attribute "l": ref_attr_name "k": only inside a function`},
		{"undefined reference", calling(nil, fn("f", ports("a", "b"), op("Op", "a", "b", param(num(20, 2), str(21, "k"))))), inAxis + `ref_attr_name "k": the function has no attribute of that name`},
		{"reference with a value", calling(nil, fn("f", str(6, "k"), op("Op", "", "", param(num(20, 2), num(3, 1), str(21, "k"))))), inAxis + `ref_attr_name "k": it has a value of its own too`},
		{"reference without a type", calling(nil, fn("f", str(6, "k"), op("Op", "", "", param(str(21, "k"))))), inAxis + "its type, UNDEFINED, is missing or not read"},
		{"graph by reference", calling(nil, fn("f", str(6, "k"), op("Op", "", "", param(num(20, 5), str(21, "k"))))), inAxis + `ref_attr_name "k": a graph as an attribute of a function is not read`},
		{"reference to another kind", calling(callOf(xy(), sub(5, str(1, "k"), num(20, 1))), fn("f", ports("a", "b"), str(6, "k"), op("Op", "a", "b", param(num(20, 2), str(21, "k"))))),
			inCall + inAxis + `it must be of kind INT, but attribute "k" of the call is of kind FLOAT`},
		{"undeclared attribute", calling(callOf(xy(), sub(5, str(1, "k"), num(20, 1))), relu()), inCall + `attribute "k" is not known: function "own::f" has none of that name`},
		{"too many inputs", calling(callOf(names(1, "x x"), names(2, "y")), relu()), inCall + `it has 2 inputs, but function "own::f" only 1`},
		{"too many outputs", calling(callOf(names(1, "x"), names(2, "y z")), relu()), inCall + `it has 2 outputs, but function "own::f" only 1`},
		{"an output of nothing", calling(callOf(names(2, "y")), fn("f", ports("a", "a"))), inCall + inF + `output 0 "a" passes on an input that the call leaves out`},
		{"an output of nothing in a graph", calling(callOf(names(2, "y")), fn("f", ports("a", "b"), op("If", "", "b", sub(5, str(1, "then_branch"), num(20, 5), sub(6, str(2, "then"), sub(12, str(1, "a"))))))),
			inCall + inF + `node 0 "" (If): attribute "then_branch": graph "then": an output passes on an input that the call leaves out`},
		{"another opset", calling(callOf(xy()), sub(25, str(1, "f"), str(10, "own"), sub(9, num(2, 17)), ports("a", "b"), op("Op", "a", "b"))),
			inCall + inOp + `the function uses version 17 of domain "", the model version 16: export the model with one version for both`},
		{"an output that is an input, without ONNX's domain", msg(num(1, 8), sub(8, str(1, "own"), num(2, 1)), sub(7, str(2, "g"), sub(11, str(1, "x"), sub(2, sub(1, num(1, 1)))), callOf(xy())), fn("f", ports("a", "a"))),
			inCall + inF + `output 0 "a" passes on "x", which takes an Identity, but ONNX's own domain is not in opset_import`},
		{"itself", calling(callOf(xy()), fn("f", ports("a", "b"), own("f", "a", "b"))), inCall + inF + `node 0 "" (f): function "own::f": it calls itself`},
		{"each other", calling(callOf(xy()), fn("f", ports("a", "b"), own("g", "a", "b")), fn("g", ports("a", "b"), own("f", "a", "b"))),
			inCall + inF + `node 0 "" (g): function "own::g": node 0 "" (f): function "own::f": it calls itself`},
		{"itself in a graph", calling(callOf(xy()), fn("f", ports("a", ""), op("If", "", "", sub(5, str(1, "then_branch"), num(20, 5), sub(6, sub(1, str(4, "f"), str(7, "own"))))))), `function "own::f": it calls itself`},
		{"another overload", calling(callOf(xy(), str(8, "v2")), relu()), inCall + `overload "v2": the model has no such function`},
		{"another overload inside", calling(callOf(xy()), fn("f", ports("a", "b"), own("g", "a", "b", str(8, "v2")))), inCall + inF + `node 0 "" (g): overload "v2": the model has no such function`},
		{"calls too deep", deep(MaxCalls), "functions call each other more than 32 deep"},
		{"graphs too deep with the call around", calling(msg(neg(), callOf()), fn("f", graphs(MaxNesting))), "with its functions inlined, graphs stand more than 16 deep inside each other"},
		{"a name too long", calling(sub(1, str(3, strings.Repeat("n", MaxNameLen-2)), str(4, "f"), str(7, "own"), xy()), fn("f", ports("a", "b"), op("Neg", "a", "hh"), op("Neg", "hh", "b"))),
			`its name with those of the calls around it is more than 4096 bytes long`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Read(test.file)
			mustFail(t, m, err, test.want)
		})
	}
	if _, err := Read(deep(MaxCalls - 1)); err != nil {
		t.Errorf("calls at the limit: %v", err)
	}
	// The functions that are called last stand first, and are measured first.
	chain := calling(callOf(xy()))
	for i := 2 * MaxCalls; i >= 0; i-- {
		chain = append(chain, fn(fmt.Sprintf("f%d", i), ports("a", "b"), own(fmt.Sprintf("f%d", i+1), "a", "b"))...)
	}
	chain = append(chain, fn("f", ports("a", "b"), own(fmt.Sprintf("f%d", MaxCalls+5), "a", "h"), own("f0", "h", "b"))...)
	m, err := Read(chain)
	mustFail(t, m, err, "functions call each other more than 32 deep")
	if _, err := Read(calling(msg(neg(), callOf()), fn("f", graphs(MaxNesting-1)))); err != nil {
		t.Errorf("graphs at the limit: %v", err)
	}
}

// distinct is n parts with names of their own.
func distinct(n int, part func(name string) []byte) (b []byte) {
	for i := range n {
		b = append(b, part(fmt.Sprintf("n%d", i))...)
	}
	return b
}

// A bomb doubles, or more, with each function. It must be refused by its size
// before that size is in memory.
func TestFunctionBombsAreRefused(t *testing.T) {
	levels := func(n int, body func(next string) []byte) []byte { // f calls f1 calls f2 …
		file := calling(callOf(xy()), fn("f", ports("a", "b"), body("f1"), op("Neg", "a", "b")))
		for i := 1; i < n; i++ {
			file = append(file, fn(fmt.Sprintf("f%d", i), ports("a", "b"), body(fmt.Sprintf("f%d", i+1)), op("Neg", "a", "b"))...)
		}
		return append(file, fn(fmt.Sprintf("f%d", n), ports("a", "b"), op("Neg", "a", "b"))...)
	}
	thousand := func(name string, fields ...[]byte) []byte {
		return bytes.Repeat(sub(7, str(4, name), str(7, "own"), msg(fields...)), 1000)
	}
	many := func(n int, calls []byte, f ...[]byte) []byte { // a graph of n calls
		return calling(msg(neg(), bytes.Repeat(calls, n)), fn("f", f...))
	}
	floats := sub(5, str(1, "v"), num(20, 6), sub(7, make([]byte, 4<<18)))
	tensor := sub(5, str(1, "v"), num(20, 4), sub(5, num(1, 1<<18), num(2, 1), sub(9, make([]byte, 4<<18))))
	const tooMuch = "reading it would take far more memory than the file is large"
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"doubling", levels(30, func(next string) []byte { return bytes.Repeat(own(next, "a", ""), 2) }), "with its functions inlined the model has more than 100000 nodes"},
		{"a thousand of a thousand", levels(8, func(next string) []byte { return thousand(next) }), "with its functions inlined the model has more than 100000 nodes"},
		{"calls of nothing", calling(msg(neg(), callOf()), fn("f", thousand("f1")), fn("f1", thousand("f2")), fn("f2", thousand("f3")), fn("f3")), "with its functions inlined the model has more than 100000 nodes"},
		{"in nested graphs", levels(20, func(next string) []byte {
			return bytes.Repeat(op("If", "", "", sub(5, str(1, "then_branch"), num(20, 5), sub(6, str(2, "t"), bytes.Repeat(sub(1, str(4, next), str(7, "own")), 2)))), 2)
		}), "with its functions inlined"},
		{"initializers", levels(3, func(next string) []byte {
			return msg(bytes.Repeat(own(next, "a", ""), 30), op("If", "", "", sub(5, str(1, "then_branch"), num(20, 5), sub(6, str(2, "t"), distinct(200, func(name string) []byte { return sub(5, num(1, 0), num(2, 1), str(8, name)) })))))
		}), "with its functions inlined the model has more than 100000 initializers"},
		{"long lists of numbers", many(1000, callOf(), op("Op", "", "", floats)), tooMuch},
		{"large tensors", many(1000, callOf(), op("Op", "", "", tensor)), tooMuch},
		{"large tensors in nested graphs", many(1000, callOf(), op("If", "", "", sub(5, str(1, "then_branch"), num(20, 5), sub(6, str(2, "t"),
			sub(5, num(1, 1<<18), num(2, 1), str(8, "w"), sub(9, make([]byte, 4<<18))))))), tooMuch},
		{"many inputs of a node", many(1000, callOf(), op("Op", "", "", bytes.Repeat(sub(1), 100_000))), tooMuch},
		{"many inputs of a function", many(50_000, callOf(), distinct(10_000, func(name string) []byte { return str(4, name) })), tooMuch},
		{"long names", many(10_000, callOf(), op("Op", "", strings.Repeat("n", 4000))), tooMuch},
		{"long operators", many(40_000, callOf(), op(strings.Repeat("O", 4000), "", "")), tooMuch},
		{"long descriptions are not copied", many(1000, callOf(), op("Op", "", "", str(6, strings.Repeat("d", 1<<20)))), ""},
		{"of functions", bytes.Repeat(sub(25), 4<<20), tooMuch},
		{"of attributes of a function", calling(nil, fn("f", bytes.Repeat(sub(6), 4<<20))), tooMuch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var m *Model
			var err error
			took := allocated(func() { m, err = Read(test.file) })
			if limit := uint64(2*len(test.file)) + 48<<20; took > limit {
				t.Errorf("%d bytes of file took %d bytes of memory, want at most %d", len(test.file), took, limit)
			}
			if test.want != "" {
				mustFail(t, m, err, test.want)
			} else if err != nil {
				t.Errorf("refused: %v", err)
			} else if n := len(m.Bytes()); n > 3*len(test.file)+40<<20 {
				t.Errorf("%d bytes of file become %d", len(test.file), n)
			}
		})
	}
}

// What stands beside an operator of its name is told.
func TestFunctionsOfONNXsDomainsAreNoted(t *testing.T) {
	relu := sub(25, str(1, "Relu"), str(10, "ai.onnx"), sub(9, num(2, 16)), ports("a", "b"), op("Max", "a", "b"))
	m, err := Read(msg(head(), sub(7, sub(11, str(1, "x"), sub(2, sub(1, num(1, 1)))), sub(12, str(1, "y")), sub(1, str(4, "Relu"), xy())), relu))
	if err != nil || len(m.Notes) != 1 || !strings.Contains(m.Notes[0], `function "Relu" is not called`) {
		t.Errorf("error %v, notes of %v", err, m)
	}
}
