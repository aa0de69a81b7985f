package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/run"
)

var workersFlag = &cli.IntFlag{Name: "workers", Usage: "`N` goroutines (0: one a processor); the result is the same for any number"}

func trainFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "act", Usage: "activation `NAME[:ARG]`", Value: "prelu"},
		&cli.StringFlag{Name: "net", Usage: "`NET`: " + strings.Join(preset.Names(), ", ") + ", MODEL.onnx or a run folder to start from", Value: "study"},
		&cli.StringFlag{Name: "data", Usage: dataFlag.Usage, Value: defaultData},
		limitFlag,
		normalizeFlag, augmentFlag,
		&cli.IntFlag{Name: "epochs", Usage: "`N` epochs in all, also when resuming", Value: 5},
		&cli.IntFlag{Name: "batch", Usage: "`N` samples a step", Value: 128},
		&cli.StringFlag{Name: "optimizer", Usage: "`NAME[:SEMANTICS]`: " + strings.Join(optim.Names, ", ") + "; as in adamw:pytorch", Value: "adam"},
		&cli.Float64Flag{Name: "lr", Usage: "learning rate `X`", DefaultText: "the optimizer's: adam 0.001"},
		&cli.StringFlag{Name: "schedule", Usage: "learning rate over time: one of the schedules above, `NAME[:ARGS]`", DefaultText: "constant"},
		&cli.StringFlag{Name: "warmup", Usage: "before the schedule, raise the rate in a line over `SPAN[:FROM]`: 500steps, or 1:0.1 for one epoch from a tenth of it"},
		&cli.Float64Flag{Name: "momentum", Usage: "momentum `X` of sgd or rmsprop"},
		&cli.BoolFlag{Name: "nesterov", Usage: "Nesterov's form of sgd's momentum"},
		&cli.BoolFlag{Name: "centered", Usage: "rmsprop with the gradient's standard deviation in the place of its root mean square"},
		&cli.Float64Flag{Name: "weight-decay", Usage: "shrink weights by `X`: decoupled in keras and for adamw, else in the gradient", DefaultText: "adamw 0.004, in pytorch 0.01; others none"},
		&cli.BoolFlag{Name: "decay-all", Usage: "shrink biases and slopes too, as both frameworks do unless told otherwise"},
		&cli.Float64Flag{Name: "clip-norm", Usage: "scale gradients down to the L2 norm `X` of all together"},
		&cli.BoolFlag{Name: "clip-each", Usage: "let --clip-norm count for each parameter alone, as Keras's clipnorm does"},
		&cli.Float64Flag{Name: "clip-value", Usage: "limit each element of gradients to ±`X`"},
		&cli.StringFlag{Name: "semantics", Usage: "whose conventions: `pytorch|keras`, for optimizer, loss, initialiser and what layers do in training", Value: "keras"},
		&cli.StringFlag{Name: "init", Usage: "initialiser `pytorch|keras` alone", DefaultText: "as --semantics"},
		&cli.StringFlag{Name: "kink", Usage: "what layers do in training (the derivative of PReLU at 0, the running variance of BatchNorm) as in `pytorch|keras` alone", DefaultText: "as --semantics"},
		&cli.StringFlag{Name: "loss", Usage: lossUsage + "; mse, bce and huber put a sigmoid at the end", Value: "cross-entropy"},
		classWeightsFlag,
		&cli.Float64Flag{Name: "val", Usage: "share `X` of the training set kept for validation; a digit and its inverse stay together"},
		&cli.IntFlag{Name: "patience", Usage: "stop after `N` epochs without a lower validation (else training) loss"},
		&cli.BoolFlag{Name: "restore-best", Usage: "end with the parameters of the best epoch instead of the last"},
		&cli.Uint64Flag{Name: "seed", Usage: "`N` decides start values and the order of samples", Value: 1},
		workersFlag,
		&cli.StringFlag{Name: "run", Usage: "the run folder `DIR` to make, or with --resume to go on with", DefaultText: "runs/prelu-001, …"},
		&cli.BoolFlag{Name: "resume", Usage: "go on with the run of --run, or the newest"},
	}
}

// augmentHelp lists the changes of --augment.
func augmentHelp() string {
	var b strings.Builder
	b.WriteString("Changes of --augment (drawn anew for each sample and epoch; one after the other, as in shift:2,noise:0.05):\n")
	for _, f := range data.AugmentFuncs {
		arg := ":" + strings.ToUpper(f.Arg)
		if f.Default != 0 {
			arg = "[" + arg + "]"
		}
		fmt.Fprintf(&b, "  %-30s %s\n", f.Name+arg, f.Formula)
	}
	return b.String()
}

// actHelp lists the activations.
func actHelp() string {
	var b strings.Builder
	b.WriteString("Activations (learned ones take one, channel or element, and a start: prelu:one:0.25):\n")
	for _, f := range nn.ActFuncs {
		arg := ""
		switch {
		case f.Arg == nn.Learned:
			arg = "[:SHARING[:START]]"
		case f.Arg == nn.Fixed && f.Default != nil:
			arg = "[:" + strings.ToUpper(f.Param) + "]"
		case f.Arg == nn.Fixed:
			arg = ":" + strings.ToUpper(f.Param)
		}
		fmt.Fprintf(&b, "  %-30s %s\n", f.Name+arg, f.Formula)
	}
	return b.String()
}

// scheduleHelp lists the schedules.
func scheduleHelp() string {
	var b strings.Builder
	b.WriteString("Schedules of the learning rate lr (t, EVERY, AT and UNTIL count epochs, or steps: 500steps):\n")
	for _, k := range optim.Schedules {
		fmt.Fprintf(&b, "  %-46s %s\n", k.Name+k.Args, k.Formula)
	}
	b.WriteString("  by-epoch:SCHEDULE                              the same, changing between epochs only\n" +
		"UNTIL is by default the end that --epochs gave a run at its start, also if it is resumed for more.\n")
	return b.String()
}

// resumable are the flags that may be given with --resume: what else a run was
// started with defines its result.
var resumable = []string{"epochs", "patience", "restore-best", "workers"}

// applyFlags changes the settings of a run that is resumed.
func applyFlags(c *cli.Context, s *run.Settings) error {
	for _, name := range setFlags(c) {
		if name != "run" && name != "resume" && !slices.Contains(resumable, name) {
			return usage("--%s cannot be given with --resume, which takes the run's own settings; only --%s may change", name, strings.Join(resumable, ", --"))
		}
	}
	s.Gonn = version()
	if c.IsSet("epochs") {
		s.Epochs = c.Int("epochs")
	}
	if c.IsSet("patience") {
		s.Patience = c.Int("patience")
	}
	if c.IsSet("restore-best") {
		s.RestoreBest = c.Bool("restore-best")
	}
	if c.IsSet("workers") {
		s.Workers = c.Int("workers")
	}
	return checkSettings(*s)
}

// setFlags are the names of the flags that were typed.
func setFlags(c *cli.Context) (names []string) {
	for _, f := range c.Command.Flags {
		if name := f.Names()[0]; c.IsSet(name) {
			names = append(names, name)
		}
	}
	return names
}

// settingsOf are the settings of a new run.
func settingsOf(c *cli.Context) (run.Settings, error) {
	s := run.Settings{
		Gonn: version(), Act: c.String("act"), Limit: c.Int("limit"),
		Loss: c.String("loss"), ClassWeights: c.String("class-weights"), LR: c.Float64("lr"), Momentum: c.Float64("momentum"), Nesterov: c.Bool("nesterov"),
		Semantics: c.String("semantics"), Init: c.String("semantics"), Kink: c.String("semantics"),
		Batch: c.Int("batch"), Seed: c.Uint64("seed"), Epochs: c.Int("epochs"), Val: c.Float64("val"),
		Centered: c.Bool("centered"), WeightDecay: c.Float64("weight-decay"), DecayAll: c.Bool("decay-all"),
		ClipNorm: c.Float64("clip-norm"), ClipEach: c.Bool("clip-each"), ClipValue: c.Float64("clip-value"),
		Schedule: c.String("schedule"), Warmup: c.String("warmup"),
		Patience: c.Int("patience"), RestoreBest: c.Bool("restore-best"), Workers: c.Int("workers"),
		Normalize: c.String("normalize"), Augment: c.String("augment"),
	}
	if c.IsSet("init") {
		s.Init = c.String("init")
	}
	if c.IsSet("kink") {
		s.Kink = c.String("kink")
	}
	name, semantics, own := strings.Cut(c.String("optimizer"), ":")
	if s.Optimizer = name; own {
		s.Semantics = semantics
	}
	if c.IsSet("lr") && !(s.LR > 0) {
		return s, usage("--lr %v: the learning rate must be above 0", s.LR)
	}
	if c.IsSet("weight-decay") && s.WeightDecay == 0 && s.Optimizer == "adamw" {
		return s, usage("--weight-decay 0: adamw without weight decay is adam, choose --optimizer adam")
	}
	if c.IsSet("class-weights") && s.ClassWeights == "" {
		return s, usage("--class-weights needs one weight a class, as in 1,2.5, or balanced")
	}
	s.Net, s.NetPath = nameOrPath(c.String("net"), preset.Names())
	s.Data, s.DataPath = nameOrPath(c.String("data"), embeddedData)
	if err := spellInput(&s); err != nil {
		return s, err
	}
	if s.NetPath != "" {
		if c.IsSet("act") || c.IsSet("init") {
			return s, usage("--act and --init are for networks by name: %s brings its own activations and values", s.NetPath)
		}
		s.Act, s.Init = "", ""
	}
	return s, checkSettings(s)
}

// nameOrPath tells the names that gonn knows from paths of the user's.
func nameOrPath(s string, names []string) (name, path string) {
	if slices.Contains(names, s) {
		return s, ""
	}
	return "", s
}

// checkSettings finds what is wrong before any work is done and any folder is made.
// What depends on the data or the network is checked where these are opened.
func checkSettings(s run.Settings) error {
	if _, err := nn.ParseSemantics(s.Semantics); err != nil {
		return usage("--semantics: %w", err)
	}
	if err := checkLoss(s); err != nil {
		return err
	}
	if err := s.CheckUpdate(); err != nil {
		return exitError{err, exitUsage}
	}
	switch {
	case s.Epochs < 1:
		return usage("--epochs %d: need at least 1", s.Epochs)
	case s.Batch < 1:
		return usage("--batch %d: need at least 1", s.Batch)
	case s.Limit < 0:
		return usage("--limit %d: need 1 or more samples, or 0 for all", s.Limit)
	case s.Patience < 0:
		return usage("--patience %d: need 1 or more epochs, or 0 for no early stopping", s.Patience)
	case s.Workers < 0:
		return usage("--workers %d: need 1 or more, or 0 for one a processor", s.Workers)
	case !(s.Val >= 0 && s.Val < 1):
		return usage("--val %v: need a share between 0 and 1", s.Val)
	}
	return nil
}
