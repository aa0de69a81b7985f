package operators

import (
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// typeRule gives the type of result i where the constraints do not fix it; "" if it is not known.
type typeRule func(n *graph.Node, i int, in []Type) Type

// resultTypes are the operators whose results have a type that attributes say, or that is
// made from another.
var resultTypes = map[string]typeRule{
	"Cast":               named("to"),
	"BitCast":            named("to"),
	"Constant":           constantType,
	"ConstantOfShape":    func(n *graph.Node, _ int, _ []Type) Type { return valueType(n, "float") },
	"EyeLike":            named("dtype", input(0)),
	"RandomNormal":       named("dtype", always("float")),
	"RandomUniform":      named("dtype", always("float")),
	"RandomNormalLike":   named("dtype", input(0)),
	"RandomUniformLike":  named("dtype", input(0)),
	"Bernoulli":          named("dtype", input(0)),
	"Multinomial":        named("dtype", always("int32")),
	"HannWindow":         named("output_datatype", always("float")),
	"HammingWindow":      named("output_datatype", always("float")),
	"BlackmanWindow":     named("output_datatype", always("float")),
	"MelWeightMatrix":    named("output_datatype", always("float")),
	"QuantizeLinear":     first(input(2), named("output_dtype", always("uint8"))),
	"DequantizeLinear":   named("output_dtype", input(1)),
	"SequenceEmpty":      sequenceOf(named("dtype", always("float"))),
	"SequenceConstruct":  sequenceOf(input(0)),
	"SplitToSequence":    sequenceOf(input(0)),
	"SequenceAt":         elementOf(input(0)),
	"ConcatFromSequence": elementOf(input(0)),
	"LayerNormalization": func(n *graph.Node, i int, in []Type) Type {
		if i == 0 {
			return ""
		}
		return named("stash_type", always("float"))(n, i, in)
	},
}

// named is the type of an INT attribute; without it what the rules behind say.
func named(attr string, otherwise ...typeRule) typeRule {
	return func(n *graph.Node, i int, in []Type) Type {
		if a := n.Attr(attr); a != nil {
			switch v := a.Value.(type) {
			case int64:
				if v > 0 && v <= int64(graph.Float6E3M2) {
					return TensorOf(graph.DataType(v))
				}
				if v != 0 {
					return ""
				}
			case string: // of Cast before opset 6
				if t := Type(strings.ToLower(v)); t.Elements() != graph.Undefined {
					return t
				}
				return ""
			default:
				return ""
			}
		}
		return first(otherwise...)(n, i, in)
	}
}

// first is what the first rule says that says something.
func first(rules ...typeRule) typeRule {
	return func(n *graph.Node, i int, in []Type) Type {
		for _, rule := range rules {
			if t := rule(n, i, in); t != "" {
				return t
			}
		}
		return ""
	}
}

func always(t Type) typeRule { return func(*graph.Node, int, []Type) Type { return t } }

func input(k int) typeRule {
	return func(_ *graph.Node, _ int, in []Type) Type {
		if k < len(in) {
			return in[k]
		}
		return ""
	}
}

func sequenceOf(element typeRule) typeRule {
	return func(n *graph.Node, i int, in []Type) Type {
		if t := element(n, i, in); t.Elements() != graph.Undefined {
			return "seq(" + t + ")"
		}
		return ""
	}
}

// elementOf is the type of what a sequence holds.
func elementOf(sequence typeRule) typeRule {
	return func(n *graph.Node, i int, in []Type) Type {
		t, isSequence := strings.CutPrefix(string(sequence(n, i, in)), "seq(")
		if !isSequence {
			return ""
		}
		return Type(strings.TrimSuffix(t, ")"))
	}
}

// valueType is the type of the attribute value, a tensor; otherwise if there is none.
func valueType(n *graph.Node, otherwise Type) Type {
	a := n.Attr("value")
	if a == nil {
		return otherwise
	}
	if t, ok := a.Value.(*graph.Tensor); ok {
		return TensorOf(t.Type)
	}
	return ""
}

// constantTypes are the types of a Constant by its attribute, if that is no tensor.
var constantTypes = map[string]Type{
	"value_float": "float", "value_floats": "float", "value_int": "int64", "value_ints": "int64",
	"value_string": "string", "value_strings": "string",
}

func constantType(n *graph.Node, _ int, _ []Type) Type {
	for _, a := range n.Attrs {
		if t := constantTypes[a.Name]; t != "" {
			return t
		}
	}
	return valueType(n, "")
}
