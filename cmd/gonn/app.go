package main

import (
	"io"
	"regexp"
	"runtime"
	"runtime/debug"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/urfave/cli/v2"
)

// commands lists the commands in the order of the help page.
func commands() []*cli.Command {
	return []*cli.Command{
		trainCommand(),
		runsCommand(),
		sweepCommand(),
		lrFindCommand(),
		evalCommand(),
		predictCommand(),
		inspectCommand(),
		landscapeCommand(),
		exportCommand(),
		importCommand(),
		compareCommand(),
		recordCommand(),
		plotCommand(),
		reportCommand(),
		tensorboardCommand(),
		dataCommand(),
		benchCommand(),
		completionCommand(),
		versionCommand(),
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
				return unknownCommand(c.App, c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
		EnableBashCompletion:      true,
		Flags:                     []cli.Flag{cli.HelpFlag}, // which comes by itself only with the library's help command
		OnUsageError:              onUsageError,
		DisableSliceFlagSeparator: true,
		HideHelpCommand:           true,
		// Errors and exit codes are execute's business.
		ExitErrHandler: func(*cli.Context, error) {},
	}
	app.Commands = append(app.Commands, helpCommand())
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
		var flags []cli.Flag
		if c.Command != nil {
			flags = c.Command.Flags
		}
		return usage("unknown flag --%s: %s lists them%s", m[1], help, didYouMean(m[1], flagNames(flags), "--"))
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

func unknownCommand(app *cli.App, name string) error {
	return usage("unknown command %q: gonn --help lists them%s", name, didYouMean(name, commandNames(app), ""))
}

// helpCommand shows what --help does: gonn help, gonn help train.
func helpCommand() *cli.Command {
	return &cli.Command{
		Name: "help", Usage: "help for gonn or one of its commands", ArgsUsage: "[COMMAND]",
		Action: func(c *cli.Context) error {
			name, err := oneArg(c, "command")
			switch {
			case err != nil:
				return err
			case name == "":
				return cli.ShowAppHelp(c)
			case c.App.Command(name) == nil:
				return unknownCommand(c.App, name)
			}
			return c.App.RunContext(c.Context, []string{c.App.Name, name, "--help"})
		},
	}
}

func versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "the version of gonn, of Go, and the kernels in use",
		Description: "Examples:\n  gonn version\n  gonn version --json", Flags: []cli.Flag{jsonFlag},
		Action: func(c *cli.Context) error {
			if err := noArgs(c); err != nil {
				return err
			}
			kernels, err := nn.Backend()
			if err != nil {
				return err
			}
			return write(c, &report.Version{Gonn: version(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Kernels: kernels})
		},
	}
}

// version is the module version that the binary was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
