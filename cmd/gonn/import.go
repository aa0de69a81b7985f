package main

import (
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "turn an ONNX file into a run folder",
		ArgsUsage: "MODEL.onnx",
		Description: "The network that PyTorch's or Keras's exporter took apart is put together again:\n" +
			"layers, names, slopes, weights in gonn's layout, whatever the file's was. The table\n" +
			"tells which nodes of the file each layer was. The folder can be inspected, evaluated\n" +
			"and exported like a trained run, and training can start from it.\n\n" +
			"Examples:\n" +
			"  gonn import model.onnx --run runs/from-pytorch\n" +
			"  gonn train --net runs/from-pytorch --epochs 1",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "run", Usage: "the run folder `DIR` to make (without it: runs/import-001, …)"},
			&cli.StringFlag{Name: "normalize", Usage: "how the network was trained to read pixels: `MEAN:STD[:SCALE]`, each a number or one for each channel", DefaultText: "the file's, if it is of gonn's making"},
			&cli.StringFlag{Name: "size", Usage: sizeUsage},
			jsonFlag,
		},
		Action: importModel,
	}
}

func importModel(c *cli.Context) error {
	path, err := oneArg(c, "MODEL.onnx")
	if err != nil {
		return err
	}
	if path == "" {
		return usage("import needs a file, as in gonn import model.onnx --run runs/from-pytorch")
	}
	src, err := model.OpenFile(fileOf(path))
	if err != nil {
		return err
	}
	size, err := sizeOf(c, src)
	if err != nil {
		return err
	}
	if src.Fix(size); src.Foreign != nil {
		return src.Untrainable()
	}
	settings, err := importedSettings(c, src)
	if err != nil {
		return err
	}
	var made *run.Session
	err = makeRun(c, "import", func(dir string) (err error) {
		made, err = run.Create(dir, settings, src.Net)
		return err
	})
	if err != nil {
		return err
	}
	if err := made.Close(); err != nil {
		return err
	}
	if _, err := run.SetLatest(runsRoot, made.Dir); err != nil {
		return err
	}
	note(c, append(src.Notes(), src.PixelNotes()...))
	return write(c, report.ImportOf(path, made.Dir, src.File))
}

// fileOf is the file of a model that may be a run folder.
func fileOf(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Join(path, run.ModelFile)
	}
	return path
}

// importedSettings are those that training of an imported network would start from:
// the defaults in PyTorch's semantics. How the network reads pixels and what its
// classes are called comes with it.
func importedSettings(c *cli.Context, src *model.Model) (run.Settings, error) {
	s := run.Settings{
		Gonn: version(), NetPath: src.Name, Data: recipe.DefaultData, Loss: nn.LossFor(src.Net).Name(),
		Semantics: "pytorch", Kink: "pytorch", Optimizer: "adam", Batch: 128, Epochs: 1, Seed: 1,
		Normalize: src.Normalize, Resize: src.Resize().String(), ClassNames: src.ClassNames().String(),
	}
	if c.IsSet("normalize") {
		if s.Normalize = c.String("normalize"); s.Normalize == "auto" {
			return s, usage("--normalize auto: there is no training set here; give MEAN:STD")
		}
	}
	if s.Normalize == "" || s.Normalize == "none" {
		s.Normalize = ""
		return s, nil
	}
	n, err := data.ParseNorm(s.Normalize)
	if err == nil {
		err = n.Check(src.Net.InputShape())
	}
	if err != nil {
		return s, usage("--normalize %s: %w", s.Normalize, err)
	}
	s.Normalize = n.String()
	return s, nil
}
