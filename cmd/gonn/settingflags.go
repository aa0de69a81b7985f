package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/metric"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// settingFlag is a flag that gives one of the settings of a run.
type settingFlag struct {
	flag      cli.Flag
	set       func(c *cli.Context, s *run.Settings) error // called if the flag was given
	resumable bool                                        // may be given with --resume
	names     []string                                    // that it takes, if it takes names
}

// settingFlags are the flags of train that are settings, in the order of the help page.
var settingFlags = []settingFlag{
	ofNames(actNames(), text("act", "activation `NAME[:ARG]`", "prelu", func(s *run.Settings) *string { return &s.Act })),
	ofNames(preset.Names(), named("net", "`NET`: "+strings.Join(preset.Names(), ", ")+", MODEL.onnx or a run folder to start from", "study", recipe.SetNet)),
	whenResumed(ofNames(recipe.Embedded, named("data", dataFlag.Usage, recipe.DefaultData, recipe.SetData))),
	text("resize", resizeUsage, "none; with --net as it was trained", func(s *run.Settings) *string { return &s.Resize }),
	yes("skip-unreadable", skipUsage, func(s *run.Settings) *bool { return &s.SkipUnreadable }),
	yes("emnist", emnistUsage, func(s *run.Settings) *bool { return &s.EMNIST }),
	yes("by-number", byNumberUsage, func(s *run.Settings) *bool { return &s.ByNumber }),
	count("limit", limitFlag.Usage, "all", func(s *run.Settings) *int { return &s.Limit }),
	text("normalize", normalizeUsage, "none, with --net the network's own", func(s *run.Settings) *string { return &s.Normalize }),
	text("augment", augmentUsage, "", func(s *run.Settings) *string { return &s.Augment }),
	whenResumed(count("epochs", "`N` epochs in all, also when resuming", "5", func(s *run.Settings) *int { return &s.Epochs })),
	count("batch", "`N` samples a step", "128", func(s *run.Settings) *int { return &s.Batch }),
	ofNames(optim.Names, text("optimizer", "`NAME[:SEMANTICS]`: "+strings.Join(optim.Names, ", ")+"; as in adamw:pytorch", "adam", func(s *run.Settings) *string { return &s.Optimizer })),
	{flag: &cli.Float64Flag{Name: "lr", Usage: "learning rate `X`", DefaultText: "the optimizer's: adam 0.001"}, set: setLR},
	ofNames(scheduleNames(), text("schedule", "learning rate over time: a schedule, `NAME[:ARGS]`", "constant", func(s *run.Settings) *string { return &s.Schedule })),
	text("warmup", "before the schedule, raise the rate in a line over `SPAN[:FROM]`: 500steps, or 1:0.1 for one epoch from a tenth of it", "", func(s *run.Settings) *string { return &s.Warmup }),
	number("momentum", "momentum `X` of sgd or rmsprop", "0", func(s *run.Settings) *float64 { return &s.Momentum }),
	yes("nesterov", "Nesterov's form of sgd's momentum", func(s *run.Settings) *bool { return &s.Nesterov }),
	yes("centered", "rmsprop with the gradient's standard deviation in the place of its root mean square", func(s *run.Settings) *bool { return &s.Centered }),
	{flag: &cli.Float64Flag{Name: "weight-decay", Usage: "shrink weights by `X`: decoupled in keras and for adamw, else in the gradient", DefaultText: "adamw 0.004, in pytorch 0.01; others none"}, set: setWeightDecay},
	yes("decay-all", "shrink biases and slopes too, as both frameworks do unless told otherwise", func(s *run.Settings) *bool { return &s.DecayAll }),
	number("clip-norm", "scale gradients down to the L2 norm `X` of all together", "none", func(s *run.Settings) *float64 { return &s.ClipNorm }),
	yes("clip-each", "let --clip-norm count for each parameter alone, as Keras's clipnorm does", func(s *run.Settings) *bool { return &s.ClipEach }),
	number("clip-value", "limit each element of gradients to ±`X`", "none", func(s *run.Settings) *float64 { return &s.ClipValue }),
	ofNames(frameworks, text("semantics", "whose conventions: `pytorch|keras`, for optimizer, loss, initialiser and what layers do in training", "keras", func(s *run.Settings) *string { return &s.Semantics })),
	ofNames(frameworks, text("init", "initialiser `pytorch|keras` alone", "as --semantics", func(s *run.Settings) *string { return &s.Init })),
	ofNames(frameworks, text("kink", "what layers do in training (the derivative of PReLU at 0, the running variance of BatchNorm) as in `pytorch|keras` alone", "as --semantics", func(s *run.Settings) *string { return &s.Kink })),
	ofNames(lossNames(), text("loss", lossUsage+"; mse, bce and huber put a sigmoid at the end", "cross-entropy; with --net what its output calls for", func(s *run.Settings) *string { return &s.Loss })),
	{flag: classWeightsFlag, set: setClassWeights},
	number("val", "share `X` of the training set kept for validation; a digit and its inverse stay together", "0", func(s *run.Settings) *float64 { return &s.Val }),
	whenResumed(count("patience", "stop after `N` epochs without a lower validation (else training) loss", "never", func(s *run.Settings) *int { return &s.Patience })),
	whenResumed(yes("restore-best", "end with the parameters of the best epoch instead of the last", func(s *run.Settings) *bool { return &s.RestoreBest })),
	{flag: &cli.Uint64Flag{Name: "seed", Usage: "`N` decides start values and the order of samples", DefaultText: "1"}, set: setSeed},
	yes("fast-conv", fastConvUsage+"; not for the gradients of weights", func(s *run.Settings) *bool { return &s.FastConv }),
	whenResumed(text("metrics", "what epochs record beside loss and accuracy: `LIST` of metrics, as in slopes,dead, or none", metric.Default(), func(s *run.Settings) *string { return &s.Metrics })),
	whenResumed(count("workers", workersFlag.Usage, "0", func(s *run.Settings) *int { return &s.Workers })),
	whenResumed(yes("tensorboard", "write event files into the run's folder, for tensorboard --logdir", func(s *run.Settings) *bool { return &s.TensorBoard })),
	whenResumed(count("histograms", "with --tensorboard, histograms and pictures of parameters every `N` epochs", "1", func(s *run.Settings) *int { return &s.Histograms })),
}

func text(name, usage, standard string, field func(*run.Settings) *string) settingFlag {
	return settingFlag{
		flag: &cli.StringFlag{Name: name, Usage: usage, DefaultText: standard},
		set:  func(c *cli.Context, s *run.Settings) error { *field(s) = c.String(name); return nil },
	}
}

// named is a flag whose value is a name of gonn's or a path.
func named(name, usage, standard string, set func(*run.Settings, string)) settingFlag {
	return settingFlag{
		flag: &cli.StringFlag{Name: name, Usage: usage, DefaultText: standard},
		set:  func(c *cli.Context, s *run.Settings) error { set(s, c.String(name)); return nil },
	}
}

func count(name, usage, standard string, field func(*run.Settings) *int) settingFlag {
	return settingFlag{
		flag: &cli.IntFlag{Name: name, Usage: usage, DefaultText: standard},
		set:  func(c *cli.Context, s *run.Settings) error { *field(s) = c.Int(name); return nil },
	}
}

func number(name, usage, standard string, field func(*run.Settings) *float64) settingFlag {
	return settingFlag{
		flag: &cli.Float64Flag{Name: name, Usage: usage, DefaultText: standard},
		set:  func(c *cli.Context, s *run.Settings) error { *field(s) = c.Float64(name); return nil },
	}
}

func yes(name, usage string, field func(*run.Settings) *bool) settingFlag {
	return settingFlag{
		flag: &cli.BoolFlag{Name: name, Usage: usage},
		set:  func(c *cli.Context, s *run.Settings) error { *field(s) = c.Bool(name); return nil },
	}
}

// whenResumed marks a flag that may be given with --resume.
func whenResumed(f settingFlag) settingFlag {
	f.resumable = true
	return f
}

// frameworks are whose conventions there are.
var frameworks = []string{nn.PyTorch.String(), nn.Keras.String()}

// ofNames marks a flag whose values are names.
func ofNames(names []string, f settingFlag) settingFlag {
	f.names = names
	return f
}

func actNames() (names []string) {
	for _, f := range activation.Funcs {
		names = append(names, f.Name)
	}
	return names
}

func lossNames() (names []string) {
	for _, f := range loss.Forms {
		names = append(names, f.Name)
	}
	return names
}

func scheduleNames() (names []string) {
	for _, k := range optim.Schedules {
		names = append(names, k.Name)
	}
	return names
}

func setLR(c *cli.Context, s *run.Settings) error {
	if s.LR = c.Float64("lr"); !(s.LR > 0) {
		return usage("--lr %v: the learning rate must be above 0", s.LR)
	}
	return nil
}

// setWeightDecay refuses a 0 that would stand for the optimizer's default. The optimizer's
// flag comes before it in the table.
func setWeightDecay(c *cli.Context, s *run.Settings) error {
	s.WeightDecay = c.Float64("weight-decay")
	if name, _, _ := strings.Cut(s.Optimizer, ":"); s.WeightDecay == 0 && name == "adamw" {
		return usage("--weight-decay 0: adamw without weight decay is adam, choose --optimizer adam")
	}
	return nil
}

func setClassWeights(c *cli.Context, s *run.Settings) error {
	if s.ClassWeights = c.String("class-weights"); s.ClassWeights == "" {
		return usage("--class-weights needs one weight a class, as in 1,2.5, or balanced")
	}
	return nil
}

func setSeed(c *cli.Context, s *run.Settings) error {
	s.Seed = c.Uint64("seed")
	return nil
}
