package tensorboard

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// Graph writes the network: a node for each input and each layer, with its kind, its settings, the
// shapes of its parameters, and the shape of its output, in which -1 stands for the batch.
// TensorBoard's GRAPHS tab shows it. It is written once for each run.
//
// Names are those of the layers as far as TensorFlow allows them: other characters become "_".
func (w *Writer) Graph(net *nn.Network) {
	const graphNode, graphVersions, producer = 1, 4, 1
	var m message
	names := nodeNames(net)
	for _, p := range net.Inputs() {
		m.set(graphNode, nodeOf(names[p.Name], "Placeholder", nil, []attr{{"shape", shapeAttr(p.Shape)}, outputShape(p.Shape)}))
	}
	for _, n := range net.Nodes() {
		var inputs []string
		for _, name := range n.Inputs {
			inputs = append(inputs, names[name])
		}
		m.set(graphNode, nodeOf(names[n.Name], n.Layer.Kind(), inputs, attrsOf(n)))
	}
	var versions message
	versions.int(producer, 22) // of GraphDefs since TensorFlow 1.0
	m.set(graphVersions, versions)
	w.event(0, eventGraph, m)
}

// nodeNames are the names of inputs and layers in the graph, which differ from each other.
func nodeNames(net *nn.Network) map[string]string {
	names, taken := map[string]string{}, map[string]bool{}
	add := func(name string) {
		clean := cleanName(name)
		free := clean
		for i := 2; taken[free]; i++ {
			free = fmt.Sprintf("%s_%d", clean, i)
		}
		names[name], taken[free] = free, true
	}
	for _, p := range net.Inputs() {
		add(p.Name)
	}
	for _, n := range net.Nodes() {
		add(n.Name)
	}
	return names
}

// cleanName is a name as TensorFlow allows it: [A-Za-z0-9.][A-Za-z0-9_.\\/>-]*. A slash opens a
// group.
func cleanName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/", r) {
			return r
		}
		return '_'
	}, name)
	parts := strings.FieldsFunc(clean, func(r rune) bool { return r == '/' })
	clean = strings.Join(parts, "/")
	if clean == "" || strings.ContainsRune("_-", rune(clean[0])) {
		clean = "." + clean
	}
	return clean
}

// attr is an attribute of a node: value is an AttrValue.
type attr struct {
	name  string
	value message
}

func nodeOf(name, op string, inputs []string, attrs []attr) message {
	const nodeName, nodeOp, nodeInput, nodeAttr = 1, 2, 3, 5
	var m message
	m.text(nodeName, name)
	m.text(nodeOp, op)
	for _, in := range inputs {
		m.setText(nodeInput, in)
	}
	slices.SortFunc(attrs, func(a, b attr) int { return cmp.Compare(a.name, b.name) })
	for _, a := range attrs {
		m.set(nodeAttr, entryOf(a.name, a.value))
	}
	return m
}

// attrsOf are the attributes of a layer: what it is made with, "param.NAME" for the shape of each
// parameter, and the shape of its output under the name by which TensorBoard knows it.
func attrsOf(n *nn.Node) []attr {
	attrs := []attr{outputShape(n.Shape)}
	for _, p := range n.Params {
		attrs = append(attrs, attr{"param." + p.Name, shapeAttr(p.Shape)})
	}
	if act, ok := n.Layer.(activation.Layer); ok {
		return append(attrs, attr{"activation", textAttr(act.String())})
	}
	v := reflect.ValueOf(n.Layer)
	if v.Kind() != reflect.Struct {
		return attrs
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
			attrs = append(attrs, attr{f.Name, settingAttr(v.Field(i))})
		}
	}
	return attrs
}

// Fields of AttrValue and of its lists (tensorflow/core/framework/attr_value.proto).
const (
	attrList  = 1
	attrText  = 2
	attrInt   = 3
	attrFloat = 4
	attrBool  = 5
	attrShape = 7
)

// settingAttr is a setting of a layer.
func settingAttr(v reflect.Value) message {
	var m message
	_, named := v.Interface().(fmt.Stringer)
	switch {
	case named:
	case v.Kind() == reflect.Bool:
		m.setBool(attrBool, v.Bool())
		return m
	case v.CanInt():
		m.setInt(attrInt, v.Int())
		return m
	case v.CanFloat():
		m.setFloat(attrFloat, float32(v.Float()))
		return m
	case (v.Kind() == reflect.Array || v.Kind() == reflect.Slice) && v.Type().Elem().Kind() == reflect.Int:
		return intsAttr(v)
	}
	return textAttr(fmt.Sprint(v.Interface()))
}

func intsAttr(v reflect.Value) message {
	list := make([]int64, v.Len())
	for i := range list {
		list[i] = v.Index(i).Int()
	}
	var ints, m message
	ints.ints(attrInt, list)
	m.set(attrList, ints)
	return m
}

func textAttr(s string) message {
	var m message
	m.setText(attrText, s)
	return m
}

func shapeAttr(s nn.Shape) message {
	var m message
	m.set(attrShape, shapeOf(s...))
	return m
}

// outputShape is the shape of a node's one output, for TensorBoard to write at its edges.
func outputShape(s nn.Shape) attr {
	var list, m message
	list.set(attrShape, shapeOf(append([]int{-1}, s...)...))
	m.set(attrList, list)
	return attr{"_output_shapes", m}
}
