package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/recorder"
)

func recordCommand() *cli.Command {
	return &cli.Command{
		Name:      "record",
		Usage:     "record a training, in PyTorch, in Keras or in Go, so that the others can repeat it",
		ArgsUsage: "pytorch|keras",
		Description: "gonn record pytorch writes gonn_record.py, a module for your own training in PyTorch;\n" +
			"gonn record keras one for Keras on TensorFlow, JAX or PyTorch. It needs the framework,\n" +
			"numpy, onnx and the exporter of the framework:\n\n" +
			"  import gonn_record\n" +
			"  with gonn_record.Recorder(model, loss, optimizer, \"bundle\"):\n" +
			"      …                                   some steps of your own loop\n\n" +
			"The folder holds the start as ONNX, and of each step the batch, loss, gradients,\n" +
			"parameters, running statistics and the optimizer's state. gonn compare bundle repeats the\n" +
			"steps in Go. In Keras the steps run eagerly while they are recorded, on JAX too.\n" +
			"A step that gonn could not repeat is refused while it is recorded, with the reason.\n" +
			"The file is a program as well: python gonn_record.py study records the study of\n" +
			"activation functions.\n\n" +
			"With --run it writes such a folder of the first steps of a training in Go, which\n" +
			"python gonn_record.py replay BUNDLE repeats in PyTorch or Keras.\n\n" +
			"Examples:\n" +
			"  gonn record pytorch\n" +
			"  gonn record keras --out tools/gonn_record.py\n" +
			"  gonn record --run runs/prelu-001 --out bundle --steps 20",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "write to `FILE`, or with --run to the folder FILE", DefaultText: "gonn_record.py"},
			&cli.StringFlag{Name: "run", Usage: "record the training of the run folder `DIR`, from its start"},
			&cli.IntFlag{Name: "steps", Value: 10, Usage: "with --run: record the first `N` steps"},
			workersFlag, forceFlag,
		},
		Action: runRecord,
	}
}

func runRecord(c *cli.Context) error {
	if c.IsSet("run") {
		return recordRun(c)
	}
	if c.IsSet("steps") || c.IsSet("workers") {
		return usage("--steps and --workers are for --run: the recorder of a framework records the steps of your loop")
	}
	framework, err := oneArg(c, "framework")
	if err != nil {
		return err
	}
	if framework == "" {
		return usage("record takes a framework, %s, or --run DIR", strings.Join(recorder.Frameworks, " or "))
	}
	script, err := recorder.Script(framework)
	if err != nil {
		return usage("%w%s", err, didYouMean(framework, recorder.Frameworks, ""))
	}
	out := c.String("out")
	if out == "" {
		out = "gonn_record.py"
	}
	if err := writeFiles(c, atomicfile.File{Path: out, Data: script}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.App.Writer, "wrote %s (%d bytes): a module and a program for %s; its first lines say how to use it\n", out, len(script), framework)
	return err
}
