package report

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// kindOf is a layer's kind, or its activation as --act spells it.
func kindOf(l nn.Layer) string {
	if act, ok := l.(activation.Layer); ok {
		return act.String()
	}
	return l.Kind()
}

// settingsText spells what a layer is made with, "4, 3×3, stride 2, pads 0 0 1 1"; of an
// activation the shape of what it learns. Settings that are off or have no effect, and how
// a framework trains the layer, are left out.
func settingsText(n *nn.Node) string {
	if _, ok := n.Layer.(activation.Layer); ok {
		if len(n.Params) == 0 {
			return ""
		}
		return n.Params[0].Shape.String()
	}
	v := reflect.ValueOf(n.Layer)
	if v.Kind() != reflect.Struct {
		return ""
	}
	var parts []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		_, semantics := v.Field(i).Interface().(nn.Semantics)
		if !semantics && !v.Field(i).IsZero() {
			parts = append(parts, settingText(f.Name, v.Field(i))...)
		}
	}
	return strings.Join(parts, ", ")
}

// settingText spells one setting. Its name is left out where the value says enough.
func settingText(name string, v reflect.Value) []string {
	value := fmt.Sprint(v.Interface())
	if v.Kind() == reflect.Array {
		value = arrayText(v)
	}
	switch {
	case name == "Out":
		return []string{value}
	case name == "Kernel":
		return []string{fmt.Sprintf("%v×%v", v.Index(0), v.Index(1))}
	case (name == "Dilation" || name == "Groups") && value == "1":
		return nil
	case v.Kind() == reflect.Bool:
		return []string{words(name)}
	}
	return []string{words(name) + " " + value}
}

// arrayText gives equal numbers once, [2 2] as 2.
func arrayText(v reflect.Value) string {
	all := strings.Trim(fmt.Sprint(v.Interface()), "[]")
	for i := range v.Len() {
		if !v.Index(i).Equal(v.Index(0)) {
			return all
		}
	}
	return fmt.Sprint(v.Index(0))
}

// words spells a field's name in lower case: "NoBias" as "no bias".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
