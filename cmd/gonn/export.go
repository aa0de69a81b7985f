package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

func exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write a run's network as an ONNX file",
		ArgsUsage: "FILE.onnx",
		Description: "The file gives logits, unless --softmax is set. Before it is written it is read\n" +
			"back and must compute the same.\n\n" +
			"Examples:\n" +
			"  gonn export model.onnx                       the newest run\n" +
			"  gonn export model.onnx --run runs/prelu-001 --softmax --force",
		Flags: []cli.Flag{
			runFlag,
			&cli.BoolFlag{Name: "softmax", Usage: "end in probabilities instead of logits"},
			&cli.BoolFlag{Name: "force", Usage: "overwrite an existing file"},
		},
		Action: export,
	}
}

func export(c *cli.Context) error {
	path, err := oneArg(c, "file to write")
	if err != nil {
		return err
	}
	if path == "" {
		return usage("export needs the file to write, as in gonn export model.onnx")
	}
	src, err := openSource(c, "")
	if err != nil {
		return err
	}
	net := src.Net
	if c.Bool("softmax") {
		if net, err = withSoftmax(net); err != nil {
			return err
		}
	}
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{Metadata: src.Metadata})
	if err != nil {
		return err
	}
	write := atomicfile.WriteNew
	if c.Bool("force") {
		write = atomicfile.Write
	}
	if err := write(path, b); errors.Is(err, fs.ErrExist) {
		return usage("%s exists: choose another name or overwrite it with --force", path)
	} else if err != nil {
		return err
	}
	fmt.Fprintf(c.App.Writer, "%s: wrote %s (opset %d, %d bytes), read back and checked\n", src.Name, path, onnxio.WriteOpset, len(b))
	return nil
}

// withSoftmax ends a network of logits in probabilities.
func withSoftmax(net *nn.Network) (*nn.Network, error) {
	if nn.LossFor(net).Probabilities() {
		return nil, usage("--softmax: the network ends in a sigmoid and gives probabilities already")
	}
	return net.Builder(nil).Add("softmax", nn.Softmax{}).Build()
}
