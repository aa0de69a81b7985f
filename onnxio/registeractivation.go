package onnxio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

// RegisterActivation says how a function is written in ONNX. It is meant for the init function
// of the package that has the function, behind activation.Register, which lets text and files
// name it.
//
// A spelling is a small graph in ONNX's text syntax, statements separated by semicolons, in
// which x is the input and y the result:
//
//	s = Mul(x, x); n = Neg(s); y = Exp(n)
//	l = Less(x, 0.0); n = Mul(x, alpha); y = Where(l, n, x)
//	y = com.example.Gaussian<width = @width>(x)
//
// The name of the function's parameter stands for its tensor, with @ in front for its value as
// an attribute, which a learned parameter cannot be. A number is a constant. Operators of
// another domain than ONNX's own have its name in front; its version is 1. With "from 20: " in
// front, a spelling is written only from that opset on.
//
// Encode writes the first spelling that the file's opset has and that can express the layer;
// one of opset 16 must be among them that mentions the parameter, if there is one. Import
// recognises all of them, and, if the function has no parameter and activation.Funcs has it,
// other ways to write it by the values that they compute.
//
// RegisterActivation panics if there is a mistake in a spelling, if one of ONNX's own operators
// gives other values than the function's Forward for some x from -20 to 20, if none is of opset 16,
// or if a function or a layer of the same name has ONNX nodes already.
func RegisterActivation(f *activation.Func, spellings ...string) {
	registered.Lock()
	defer registered.Unlock()
	if f == nil || f.Name == "" {
		panic("onnxio: RegisterActivation: there is no function, or it has no name")
	}
	row := spelled{fn: f}
	for _, text := range spellings {
		row.spellings = append(row.spellings, spell(f.Param, text))
	}
	err := row.check()
	for i := 0; err == nil && i < len(spellings); i++ {
		if err = row.spellings[i].computes(f); err != nil {
			err = fmt.Errorf("spelling %q: %w", spellings[i], err)
		}
	}
	if err != nil {
		panic("onnxio: RegisterActivation: " + f.Name + ": " + err.Error())
	}
	registered.spellings = append(registered.spellings[:len(registered.spellings):len(registered.spellings)], row)
}

// check is an error if a row cannot be registered.
func (row spelled) check() error {
	f := row.fn
	if f.Forward == nil {
		return fmt.Errorf("it has no Forward")
	}
	for _, other := range slices.Concat(spellings, registered.spellings) {
		if other.fn == f || other.fn.Name == f.Name {
			return fmt.Errorf("it is registered already")
		}
	}
	if formatIn(layers, f.Name) != nil || formatIn(registered.formats, f.Name) != nil {
		return fmt.Errorf("a layer of this name is registered already")
	}
	if slices.ContainsFunc(activation.Funcs, func(g *activation.Func) bool { return g.Name == f.Name && g != f }) {
		return fmt.Errorf("another function of package activation has this name")
	}
	for _, s := range row.spellings {
		if in := s.undefined(); in != "" {
			return fmt.Errorf("nothing in a spelling gives its %q", in)
		}
		if f.Arg == activation.Learned && s.hasAttr("@"+f.Param) {
			return fmt.Errorf("its learned parameter is an attribute; it must be a tensor")
		}
	}
	everywhere := func(s *spelling) bool {
		return s.from <= WriteOpsets[0] && (f.Arg == activation.NoArg || s.mentions())
	}
	if !slices.ContainsFunc(row.spellings, everywhere) {
		return fmt.Errorf("no spelling of opset %d expresses it with its parameter", WriteOpsets[0])
	}
	return nil
}

// allSpellings are those of package activation's functions and those that were registered.
func allSpellings() []spelled {
	registered.RLock()
	defer registered.RUnlock()
	if registered.spellings == nil {
		return spellings
	}
	return slices.Concat(spellings, registered.spellings)
}

// activationNamed reports whether a name is that of an activation. registered must be locked.
func activationNamed(name string) bool {
	return slices.ContainsFunc(activation.Funcs, func(f *activation.Func) bool { return f.Name == name }) ||
		slices.ContainsFunc(registered.spellings, func(s spelled) bool { return s.fn.Name == name })
}

// undefined is the first operand of a spelling that nothing gives, "" if there is none.
func (s *spelling) undefined() string {
	given := []string{"", "x", s.param}
	for _, n := range s.nodes {
		for _, in := range n.in {
			if _, isNumber := number(in); !isNumber && !slices.Contains(given, in) {
				factor, of, ok := strings.Cut(in, "*")
				if _, isNumber := number(factor); !ok || !isNumber || s.param == "" || of != s.param {
					return in
				}
			}
		}
		given = append(given, n.out)
	}
	return ""
}
