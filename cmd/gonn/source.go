package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/run"
)

// runsRoot is where runs without --run are made and looked for.
const runsRoot = "runs"

var runFlag = &cli.StringFlag{Name: "run", Usage: "the run folder `DIR` (without it and without MODEL.onnx: the newest in runs/)"}

// source is the network that a command works on: a run's or a file's.
type source struct {
	Name     string // of the folder or file, as the user knows it
	Net      *nn.Network
	Settings *run.Settings    // of a run, else nil
	File     *onnxio.Imported // of a file with a trainable form, else nil
	Foreign  *foreign         // of a file without one, else nil
	Metadata map[string]string
}

// ofGonn tells that gonn made it. What a file of others says in its metadata may stand for
// something else.
func (s *source) ofGonn() bool {
	return s.Settings != nil || s.File != nil && s.File.Producer == "gonn"
}

// data is the set that the network was trained on, "" if it is not known. Files of
// gonn name it if it is one that every gonn has.
func (s *source) data() string {
	if s.Settings != nil {
		return s.Settings.Data + s.Settings.DataPath
	}
	if name := s.Metadata["data"]; s.ofGonn() && slices.Contains(embeddedData, name) {
		return name
	}
	return ""
}

// told is what a run or a file of gonn's tells of its making under a name, "" if it
// does not.
func (s *source) told(name string) string {
	if !s.ofGonn() {
		return ""
	}
	return s.Metadata[name]
}

// classNames are the names of the network's outputs, nil if they are not known.
func (s *source) classNames() (data.ClassNames, error) {
	classes := max(2, s.Net.OutputShape().Size()) // one output tells two classes apart
	names, err := data.ParseClassNames(s.told("class_names"), classes)
	if err != nil {
		return nil, fmt.Errorf("%s: class_names: %w", s.Name, err)
	}
	return names, nil
}

// Loss is the loss that the network was trained with, as far as it is known, or what
// its output calls for.
func (s *source) Loss() (nn.Loss, error) {
	loss, err := s.lossSettings().NewLoss()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	return loss, nil
}

// lossSettings are the settings of Loss alone. Files of gonn tell how they were trained,
// but may have been given another end since.
func (s *source) lossSettings() run.Settings {
	if r := s.Settings; r != nil {
		return run.Settings{Loss: r.Loss, Semantics: r.Semantics, ClassWeights: r.ClassWeights}
	}
	byOutput := nn.LossFor(s.Net)
	if s.ofGonn() {
		m := s.Metadata
		told := run.Settings{Loss: m["loss"], Semantics: m["semantics"], ClassWeights: m["class_weights"]}
		if loss, err := told.NewLoss(); err == nil {
			if _, err := s.Net.For(loss); err == nil {
				return told
			}
		}
	}
	return run.Settings{Loss: byOutput.Name(), Semantics: nn.PyTorch.String()}
}

// openSource opens MODEL.onnx if it is given, else the run of --run, else the newest
// run.
func openSource(c *cli.Context, model string) (*source, error) {
	dir := c.String("run")
	if model != "" && dir != "" {
		return nil, usage("both MODEL.onnx (%s) and --run %s are given: choose one", model, dir)
	}
	if model != "" {
		return openFile(model)
	}
	if dir == "" {
		var err error
		if dir, err = run.Latest(runsRoot); err != nil {
			return nil, err
		}
	}
	return openRun(dir)
}

// openPath opens a file or a run folder.
func openPath(path string) (*source, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return openRun(path)
	}
	return openFile(path)
}

// openFile opens an ONNX file, also one that has no trainable form.
func openFile(path string) (*source, error) {
	m, err := graph.ReadFile(path)
	if err != nil {
		return nil, err
	}
	src := &source{Name: path, Metadata: map[string]string{}}
	for _, entry := range m.Metadata {
		src.Metadata[entry.Key] = entry.Value
	}
	im, err := onnxio.Import(m)
	if err != nil {
		src.Foreign = &foreign{Model: m, Why: err}
		return src, nil
	}
	src.Net, src.File = im.Network, im
	return src, nil
}

func openRun(dir string) (*source, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, usage("--run %s is a file: name a run folder, or the file without --run", dir)
	}
	r, err := run.Open(dir)
	if err != nil {
		return nil, err
	}
	return &source{Name: dir, Net: r.Network, Settings: &r.Settings, Metadata: r.Metadata}, nil
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
