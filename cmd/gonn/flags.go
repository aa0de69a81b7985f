package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

const (
	lossUsage      = "`LOSS[:ARG]`: cross-entropy, mse, bce, bce-logits or huber, as in cross-entropy:0.1"
	normalizeUsage = "`MEAN:STD`, each a number or one for each channel, auto (those of the training samples) or none"
	resizeUsage    = "make pictures one size: `MODE:HxW`, squash:32x32, crop:32x32 or pad:32x32; a mode alone takes the network's size"
	skipUsage      = "pass over pictures that cannot be read"
	emnistUsage    = "read IDX files under MNIST's names as EMNIST's, which are stored transposed"
	byNumberUsage  = "take classes for those of the network that have their number, whatever their names"
	sizeUsage      = "pictures of `HxW`, or sequences of a length L, for a file that leaves the size of its input open"
	augmentUsage   = "change training samples at random: `LIST` of shift:N, crop:N, flip, noise:S, invert"
)

// Flags of several commands.
var (
	configFlag       = &cli.StringFlag{Name: "config", Usage: "settings from `FILE.json`, such as the run.json of another run; flags go before"}
	jsonFlag         = &cli.BoolFlag{Name: "json", Usage: "print the report as JSON"}
	runFlag          = &cli.StringFlag{Name: "run", Usage: "the run folder `DIR` (without it and without MODEL.onnx: the newest in runs/)"}
	dataFlag         = &cli.StringFlag{Name: "data", Usage: "`SET`: " + strings.Join(recipe.Embedded, ", ") + ", " + data.Formats}
	limitFlag        = &cli.IntFlag{Name: "limit", Usage: "take only the first `N` samples of each set", DefaultText: "all"}
	workersFlag      = &cli.IntFlag{Name: "workers", Usage: "`N` goroutines (0: one a processor); the result is the same for any number", Action: notNegative("workers")}
	layoutFlag       = &cli.StringFlag{Name: "layout", Usage: "how a file that has no trainable form takes pictures: `nchw|nhwc`", DefaultText: "by its input's shape"}
	classWeightsFlag = &cli.StringFlag{
		Name:  "class-weights",
		Usage: "weigh the loss of each class by `W0,W1,…`, or balanced: samples/(classes·samples of the class)",
	}
)

// notNegative refuses numbers below 0 for a flag.
func notNegative(flag string) func(*cli.Context, int) error {
	return func(_ *cli.Context, n int) error {
		if n < 0 {
			return usage("--%s %d: need 0 or more", flag, n)
		}
		return nil
	}
}

// dataFlags choose a data set and say how it is read.
var dataFlags = []cli.Flag{
	dataFlag, limitFlag,
	&cli.StringFlag{Name: "resize", Usage: resizeUsage, DefaultText: "as the model was trained"},
	&cli.BoolFlag{Name: "skip-unreadable", Usage: skipUsage},
	&cli.BoolFlag{Name: "emnist", Usage: emnistUsage},
}

var (
	byNumberFlag = &cli.BoolFlag{Name: "by-number", Usage: byNumberUsage}
	sizeFlag     = &cli.StringFlag{Name: "size", Usage: sizeUsage, DefaultText: "that of the data"}
)

// lossFlags are those of commands that measure a network.
var lossFlags = []cli.Flag{
	&cli.StringFlag{Name: "loss", Usage: lossUsage, DefaultText: "the one it was trained with"},
	classWeightsFlag,
	&cli.StringFlag{Name: "semantics", Usage: "compute the loss as in `pytorch|keras`", DefaultText: "as it was trained"},
}

// normFlags say how pixels become numbers for models that were trained otherwise than they
// tell.
var normFlags = []cli.Flag{
	&cli.StringFlag{Name: "mean", Usage: "subtract `M` from each pixel after scaling; a list M,M,M for colour", DefaultText: "the model's own"},
	&cli.StringFlag{Name: "std", Usage: "then divide by `S`; a list S,S,S for colour", DefaultText: "the model's own"},
	&cli.Float64Flag{Name: "scale", Usage: "multiply pixels 0…255 by `X`", DefaultText: "1/255"},
}

// applyNormFlags makes the model read pixels as normFlags say, if one is given.
func applyNormFlags(c *cli.Context, m *model.Model) error {
	if !c.IsSet("mean") && !c.IsSet("std") && !c.IsSet("scale") {
		return nil
	}
	var n data.Norm
	var err error
	if m.Normalize != "" { // what no flag gives stays the model's
		if n, err = data.ParseNorm(m.Normalize); err != nil {
			return err
		}
	}
	if c.IsSet("scale") {
		if n.Scale = c.Float64("scale"); n.Scale == 0 {
			return usage("--scale 0: every pixel would be the same")
		}
	}
	if c.IsSet("mean") {
		if n.Mean, err = numbers("mean", c.String("mean")); err != nil {
			return err
		}
	}
	if c.IsSet("std") {
		if n.Std, err = numbers("std", c.String("std")); err != nil {
			return err
		}
	}
	if shape, err := m.SampleShape(0, 0); err == nil {
		if err := n.Check(shape); err != nil {
			return exitError{err, exitUsage}
		}
	}
	if m.Normalize = n.String(); m.Normalize == "0:1" {
		m.Normalize = "" // as pixels are read anyway
	}
	return nil
}

// numbers reads a list like 0.485,0.456,0.406.
func numbers(flag, list string) ([]float64, error) {
	if list == "" {
		return nil, nil
	}
	var v []float64
	for part := range strings.SplitSeq(list, ",") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil, usage("--%s %s: %q is not a number", flag, list, part)
		}
		v = append(v, x)
	}
	return v, nil
}

// lossAsked is what lossFlags ask for, for recipe.LossFor.
func lossAsked(c *cli.Context) run.Settings {
	return run.Settings{Loss: c.String("loss"), Semantics: c.String("semantics"), ClassWeights: c.String("class-weights")}
}

// dataFor opens the set of --data, else the one that the first of the models was trained
// on, as far as it tells, else the default. Pictures are resized as the first model that
// tells was trained, unless --resize says otherwise.
func dataFor(c *cli.Context, models ...*model.Model) (*data.Set, error) {
	name, told := recipe.DataOf(models...)
	if c.IsSet("data") {
		name = c.String("data")
	} else if !told && len(models) > 0 {
		note(c, []string{fmt.Sprintf("%s does not say what it was trained on: %s is taken, --data chooses another set", models[0].Name, name)})
	}
	s := run.Settings{Resize: c.String("resize"), SkipUnreadable: c.Bool("skip-unreadable"), EMNIST: c.Bool("emnist")}
	var shape nn.Shape
	for _, m := range models {
		s.Resize = cmp.Or(s.Resize, m.Resize().String())
		if m.Settings != nil && !c.IsSet("data") {
			s.EMNIST, s.SkipUnreadable = s.EMNIST || m.Settings.EMNIST, s.SkipUnreadable || m.Settings.SkipUnreadable
		}
		if shape == nil && m.Net != nil {
			shape = m.Net.InputShape()
		}
	}
	o, err := recipe.DataOptions(s, shape)
	if err != nil {
		return nil, asTyped(c, err)
	}
	set, err := recipe.OpenData(name, c.Int("limit"), o)
	if err != nil && told && !c.IsSet("data") {
		return nil, fmt.Errorf("the data that %s was trained on: %w; --data says where they are, if they have moved", models[0].Name, err)
	}
	if err != nil {
		return nil, asTyped(c, err)
	}
	note(c, set.Notes)
	for _, m := range models {
		if s := m.Settings; s != nil && s.DataSHA256 != "" && s.DataSHA256 != set.SHA256 && s.Data+s.DataPath == name && !c.IsSet("resize") && !c.IsSet("emnist") {
			note(c, []string{fmt.Sprintf("%s now holds other data than those that %s was trained on", name, m.Name)})
		}
	}
	return set, nil
}

// readBy is a set with the labels of a model, for the names of its classes.
func readBy(c *cli.Context, m *model.Model, set *data.Set) (*data.Set, error) {
	matched, err := set.ByNumber(model.Classes(m.Net)), error(nil)
	if !c.Bool("by-number") {
		matched, err = m.MatchClasses(set)
	}
	if err != nil {
		return nil, err
	}
	note(c, matched.Notes[len(set.Notes):])
	return matched, nil
}

// oneArg is the command's only positional argument, "" if it has none.
func oneArg(c *cli.Context, what string) (string, error) {
	if c.NArg() > 1 {
		return "", usage("%s takes one %s, got %d: %q", c.Command.Name, what, c.NArg(), c.Args().Slice())
	}
	return c.Args().First(), nil
}

// noArgs refuses positional arguments.
func noArgs(c *cli.Context) error {
	if c.Args().Present() {
		return usage("%s takes no argument, got %q", c.Command.Name, c.Args().First())
	}
	return nil
}

// write prints a report as --json asks for.
func write(c *cli.Context, r report.Report) error {
	if c.Bool("json") {
		return report.WriteJSON(c.App.Writer, r)
	}
	return report.WriteText(c.App.Writer, r)
}

// note writes what a user should know beside the report, on stderr.
func note(c *cli.Context, notes []string) {
	for _, n := range notes {
		fmt.Fprintf(c.App.ErrWriter, "note: %s\n", printable(n))
	}
}
