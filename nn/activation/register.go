package activation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Register adds a function from outside the module to Funcs, so that Parse, the command line
// and reports know it. It is meant for the init function of the package that has the function,
// since nothing guards Funcs against those who read it at the same time. How the function is
// written in ONNX is registered by onnxio.RegisterActivation.
//
// Register panics if the function is not complete, or if another one has its name.
func Register(f *Func) {
	if err := checkFunc(f); err != nil {
		panic("activation: Register: " + err.Error())
	}
	Funcs = append(Funcs, f)
}

// checkFunc is an error if a function cannot be registered.
func checkFunc(f *Func) error {
	if err := f.check(); err != nil {
		return err
	}
	if strings.ContainsAny(f.Name, ": \t\n,") {
		return fmt.Errorf("the name %q has a character that Parse gives a meaning to", f.Name)
	}
	if slices.ContainsFunc(Funcs, func(g *Func) bool { return g.Name == f.Name }) {
		return fmt.Errorf("%s is registered already", f.Name)
	}
	return nil
}

// check is an error if a function is not complete.
func (f *Func) check() error {
	switch {
	case f == nil || f.Name == "":
		return errors.New("there is no function, or it has no name")
	case f.Forward == nil || f.Backward == nil:
		return fmt.Errorf("%s has no Forward or no Backward", f.Name)
	case f.Arg != NoArg && f.Arg != Fixed && f.Arg != Learned:
		return fmt.Errorf("%s has the unknown ArgKind %d", f.Name, f.Arg)
	case (f.Arg != NoArg) != (f.Param != ""):
		return fmt.Errorf("%s needs the name of its parameter exactly if it has one", f.Name)
	case f.Default != nil && f.Arg != Fixed:
		return fmt.Errorf("%s has a default for a parameter that is not fixed", f.Name)
	}
	return nil
}
