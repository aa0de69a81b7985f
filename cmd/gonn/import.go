package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/run"
)

func importCommand() *cli.Command {
	return &cli.Command{
		Name:      "import",
		Usage:     "turn an ONNX file into a run folder",
		ArgsUsage: "MODEL.onnx",
		Description: "The folder can be inspected, evaluated and exported like a trained run, and\n" +
			"training can start from it.\n\n" +
			"Examples:\n" +
			"  gonn import model.onnx --run runs/from-pytorch\n" +
			"  gonn train --net runs/from-pytorch --epochs 1",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "run", Usage: "the run folder `DIR` to make (without it: runs/import-001, …)"},
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
	im, err := onnxio.Load(path)
	if err != nil {
		return err
	}
	dir, err := makeRunDir(c, "import")
	if err != nil {
		return err
	}
	r, err := run.Create(dir, importedSettings(path, im.Network), im.Network)
	if err != nil {
		return err
	}
	if err := run.SetLatest(runsRoot, r.Dir); err != nil {
		return err
	}
	fmt.Fprintf(c.App.Writer, "%s (%s, opset %d) → %s\n", path, im.Producer, im.Opset, r.Dir)
	printLayers(c.App.Writer, im.Network)
	for _, note := range im.Notes {
		fmt.Fprintf(c.App.Writer, "note: %s\n", note)
	}
	fmt.Fprintf(c.App.Writer, "\nNext: gonn eval, gonn train --net %s\n", r.Dir)
	return nil
}

// importedSettings are those that training of an imported network would start from:
// the defaults in PyTorch's semantics.
func importedSettings(path string, net *nn.Network) run.Settings {
	return run.Settings{
		Gonn: version(), NetPath: path, Data: defaultData, Loss: nn.LossFor(net).Name(),
		Semantics: "pytorch", Kink: "pytorch", Optimizer: "adam", Batch: 128, Epochs: 1, Seed: 1,
	}
}
