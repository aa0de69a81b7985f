package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
		Description: "The file gives logits, unless --softmax or --sigmoid is set. Before it is written it is read\n" +
			"back and must compute the same.\n\n" +
			"Examples:\n" +
			"  gonn export model.onnx                       the newest run\n" +
			"  gonn export model.onnx --run runs/prelu-001 --softmax --force\n" +
			"  gonn export model.onnx --opset 20 --external",
		Flags: []cli.Flag{
			runFlag,
			&cli.BoolFlag{Name: "softmax", Usage: "end in probabilities instead of logits"},
			&cli.BoolFlag{Name: "sigmoid", Usage: "the same for a network trained with bce-logits"},
			&cli.Int64Flag{Name: "opset", Usage: "ONNX's operator set `N`: 16, 18 (Mish is one node), 20 (GELU) or 24 (Swish with a fixed β)", Value: onnxio.WriteOpset},
			&cli.BoolFlag{Name: "external", Usage: "put larger weights into FILE.onnx.data beside it, as happens by itself above 1 GiB"},
			&cli.BoolFlag{Name: "force", Usage: "overwrite existing files"},
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
	o := onnxio.EncodeOptions{Opset: c.Int64("opset")}
	if err := onnxio.CheckWriteOpset(o.Opset); err != nil {
		return usage("--opset: %w", err)
	}
	src, err := openSource(c, "")
	if err != nil {
		return err
	}
	net, err := endingIn(c, src)
	if err != nil {
		return err
	}
	o.Metadata = src.Metadata
	f, err := onnxio.EncodeFiles(net, o, filepath.Base(path), c.Bool("external"))
	if err != nil {
		return err
	}
	files := []atomicfile.File{{Path: path, Data: f.Model}}
	wrote := fmt.Sprintf("%s (opset %d, %d bytes)", path, o.Opset, len(f.Model))
	if f.DataName != "" {
		data := atomicfile.File{Path: filepath.Join(filepath.Dir(path), f.DataName), Data: f.Data}
		files = []atomicfile.File{data, files[0]} // the model leads to the data
		wrote += fmt.Sprintf(" and %s (%d bytes)", data.Path, len(f.Data))
	}
	if err := writeFiles(files, c.Bool("force")); err != nil {
		return err
	}
	fmt.Fprintf(c.App.Writer, "%s: wrote %s, read back and checked\n", src.Name, wrote)
	return nil
}

// writeFiles writes files that belong together, over existing ones only by force.
func writeFiles(files []atomicfile.File, force bool) error {
	if force {
		return atomicfile.WriteAll(files...)
	}
	err := atomicfile.WriteAllNew(files...)
	if errors.Is(err, fs.ErrExist) {
		for _, f := range files {
			if _, there := os.Lstat(f.Path); there == nil {
				return usage("%s exists: choose another name or overwrite it with --force", f.Path)
			}
		}
	}
	return err
}

// endingIn is the network with the end that the flags ask for, which has to be that of
// the loss it was trained with.
func endingIn(c *cli.Context, src *source) (*nn.Network, error) {
	if !c.Bool("softmax") && !c.Bool("sigmoid") {
		return src.Net, nil
	}
	loss, err := src.Loss()
	if err != nil {
		return nil, err
	}
	net, err := src.Net.WithProbabilities(loss)
	if err != nil {
		return nil, exitError{fmt.Errorf("%s: %w", src.Name, err), exitUsage}
	}
	right, asked := "softmax", "softmax"
	if net.Output() == nn.OutputSigmoids {
		right = "sigmoid"
	}
	if c.Bool("sigmoid") {
		asked = "sigmoid"
	}
	switch {
	case c.Bool("softmax") && c.Bool("sigmoid"):
		return nil, usage("both --softmax and --sigmoid are given: choose --%s", right)
	case asked != right:
		return nil, usage("--%s: %s was trained with %s, whose probabilities are those of --%s", asked, src.Name, loss.Name(), right)
	}
	return net, nil
}
