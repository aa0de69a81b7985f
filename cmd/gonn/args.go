package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves a command's flags in front of its other arguments. The flag
// parser stops at the first argument that is no flag, so that without this
// "gonn export model.onnx --force" would drop --force without a word.
func flagsFirst(app *cli.App, args []string) []string {
	at := commandIndex(app, args)
	if at < 0 {
		return args
	}
	takesValue := valueFlags(app.Command(args[at]).Flags)
	flags := append([]string(nil), args[:at+1]...)
	var rest []string
	for i := at + 1; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		name := strings.TrimLeft(arg, "-")
		if name == "help" || name == "h" { // whatever else was typed
			return append(flags[:at+1], "--help")
		}
		flags = append(flags, arg)
		// The value of a flag follows it, even if it starts with a dash: --lr -1.
		if takesValue[name] && i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	if len(rest) == 0 {
		return flags
	}
	return append(append(flags, "--"), rest...)
}

// commandIndex finds the command's name: the first argument that is no flag. The
// flags before it (--help, --version) take no values.
func commandIndex(app *cli.App, args []string) int {
	for i := 1; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			if app.Command(args[i]) == nil {
				return -1
			}
			return i
		}
	}
	return -1
}

// valueFlags are the names of the flags that take a value.
func valueFlags(flags []cli.Flag) map[string]bool {
	takes := map[string]bool{}
	for _, f := range flags {
		if d, ok := f.(cli.DocGenerationFlag); ok && !d.TakesValue() {
			continue
		}
		for _, name := range f.Names() {
			takes[name] = true
		}
	}
	return takes
}

// checkOnce is an error if a flag that takes one value is given twice: the second would replace the
// first in silence. The arguments are those of flagsFirst.
func checkOnce(app *cli.App, args []string) error {
	at := commandIndex(app, args)
	if at < 0 {
		return nil
	}
	flags := app.Command(args[at]).Flags
	takesValue := valueFlags(flags)
	seen := map[cli.Flag]bool{}
	for i := at + 1; i < len(args) && args[i] != "--"; i++ {
		name, _, hasValue := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if takesValue[name] && !hasValue {
			i++
		}
		for _, f := range flags {
			if !slices.Contains(f.Names(), name) || isRepeatable(f) {
				continue
			}
			if seen[f] {
				return usage("--%s is given twice: it is for one value", f.Names()[0])
			}
			seen[f] = true
		}
	}
	return nil
}

// isRepeatable reports whether a flag may be given several times.
func isRepeatable(f cli.Flag) bool {
	switch f := f.(type) {
	case cli.DocGenerationSliceFlag:
		return f.IsSliceFlag()
	case *cli.GenericFlag:
		_, list := f.Value.(*listValue)
		return list
	case optionalFlag:
		_, list := f.Value.(*listValue)
		return list
	}
	return false
}
