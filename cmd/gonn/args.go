package main

import (
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
