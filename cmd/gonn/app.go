package main

import (
	"io"
	"regexp"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// commands lists the commands in the order of the help page.
func commands() []*cli.Command {
	return []*cli.Command{
		trainCommand(),
		evalCommand(),
		predictCommand(),
		inspectCommand(),
		exportCommand(),
		importCommand(),
		compareCommand(),
		dataCommand(),
		benchCommand(),
	}
}

func newApp(stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:    "gonn",
		Usage:   "train, inspect, export, import and compare small convolutional networks",
		Version: version(),
		Description: "gonn trains networks in Go, writes and reads them as ONNX, and shows whether\n" +
			"PyTorch and Keras compute the same. Start with: gonn train --act prelu",
		Writer:    stdout,
		ErrWriter: stderr,
		Commands:  commands(),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usage("unknown command %q: gonn --help lists them", c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
		OnUsageError:              onUsageError,
		DisableSliceFlagSeparator: true,
		HideHelpCommand:           true,
		// Errors and exit codes are execute's business.
		ExitErrHandler: func(*cli.Context, error) {},
	}
	for _, c := range app.Commands {
		c.OnUsageError = onUsageError
		c.HideHelpCommand = true
	}
	return app
}

// onUsageError says what is wrong in one sentence, in place of the help page.
func onUsageError(c *cli.Context, err error, _ bool) error {
	help := "gonn --help"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != c.App.Name {
		help = "gonn " + c.Command.Name + " --help"
	}
	msg := err.Error()
	if m := unknownFlag.FindStringSubmatch(msg); m != nil {
		return usage("unknown flag --%s: %s lists them", m[1], help)
	}
	if m := noValue.FindStringSubmatch(msg); m != nil {
		return usage("--%s needs a value: see %s", m[1], help)
	}
	if m := badValue.FindStringSubmatch(msg); m != nil {
		return usage("--%s %s: not a value it takes: see %s", m[2], m[1], help)
	}
	return usage("%s: see %s", msg, help)
}

// What Go's flag package says, in the spelling of one dash that nobody types here.
var (
	unknownFlag = regexp.MustCompile(`^flag provided but not defined: -+(.*)$`)
	noValue     = regexp.MustCompile(`^flag needs an argument: -+(.*)$`)
	badValue    = regexp.MustCompile(`^invalid (?:boolean )?value "(.*)" for (?:flag )?-+([^:]*):`)
)

// version is the module version that the binary was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
