package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/report"
)

func inspectCommand() *cli.Command {
	return &cli.Command{
		Name:      "inspect",
		Usage:     "layers, shapes, parameters, multiply–accumulates and slopes of a network, and how it was made",
		ArgsUsage: "[MODEL.onnx]",
		Description: "Of a file that has no trainable form it shows inputs, outputs, operators and the nodes\n" +
			"that stand in the way.\n\n" +
			"Examples:\n" +
			"  gonn inspect model.onnx\n" +
			"  gonn inspect --run runs/prelu-001 --json   every learned slope",
		Flags:  []cli.Flag{runFlag, sizeFlag, jsonFlag},
		Action: inspect,
	}
}

func inspect(c *cli.Context) error {
	path, err := oneArg(c, "MODEL.onnx")
	if err != nil {
		return err
	}
	m, err := openModel(c, path)
	if err != nil {
		return err
	}
	size, err := sizeOf(c, m)
	if err != nil {
		return err
	}
	if m.Fix(size); m.Foreign != nil {
		if obstacle := m.Obstacle(); obstacle != nil {
			m.Foreign.Why = obstacle
		}
		return write(c, report.ForeignOf(m))
	}
	return write(c, report.InspectionOf(m))
}
