package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
)

func exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write a run's network, or an untrained one by name, as an ONNX file",
		ArgsUsage: "FILE.onnx",
		Description: "The file gives logits, unless --softmax or --sigmoid is set. Before it is written it is read\n" +
			"back and must compute the same.\n\n" +
			"Examples:\n" +
			"  gonn export model.onnx                       the newest run\n" +
			"  gonn export model.onnx --run runs/prelu-001 --softmax --force\n" +
			"  gonn export model.onnx --opset 20 --external\n" +
			"  gonn export model.onnx --net resnet20 --act relu --size 3x32x32",
		Flags: []cli.Flag{
			runFlag,
			&cli.StringFlag{Name: "net", Usage: "an untrained `NET`: " + strings.Join(preset.Names(), ", ")},
			&cli.StringFlag{Name: "act", Usage: "its activation `NAME[:ARG]`", DefaultText: defaultAct},
			&cli.StringFlag{Name: "size", Usage: "the shape `CxHxW` of its samples", DefaultText: "1x28x28"},
			&cli.IntFlag{Name: "classes", Usage: "`N` classes of it", Value: defaultClasses},
			&cli.BoolFlag{Name: "softmax", Usage: "end in probabilities instead of logits"},
			&cli.BoolFlag{Name: "sigmoid", Usage: "the same for a network trained with bce-logits"},
			&cli.Int64Flag{Name: "opset", Usage: "ONNX's operator set `N`: 16, 18 (Mish is one node), 20 (GELU) or 24 (Swish with a fixed β)", Value: onnxio.WriteOpset},
			&cli.BoolFlag{Name: "external", Usage: "put larger weights into FILE.onnx.data beside it, as happens by itself above 1 GiB"},
			forceFlag,
			jsonFlag,
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
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if dirs, err := run.Find(path); err == nil && slices.Contains(dirs, path) {
			return usage("%s is a run: give the file to write, as in gonn export model.onnx --run %s", path, shell.Word(path))
		}
		return usage("%s is a folder: give the file to write, as in gonn export %s", path, shell.Word(filepath.Join(path, "model.onnx")))
	}
	o := onnxio.EncodeOptions{Opset: c.Int64("opset")}
	if err := onnxio.CheckWriteOpset(o.Opset); err != nil {
		return usage("--opset: %w", err)
	}
	m, err := exported(c)
	if err != nil {
		return err
	}
	net, err := endingIn(c, m)
	if err != nil {
		return err
	}
	o.Metadata = m.Metadata
	f, err := onnxio.EncodeFiles(net, o, filepath.Base(path), c.Bool("external"))
	if err != nil {
		return err
	}
	r := &report.Export{Model: m.Name, Opset: o.Opset, Files: []report.File{{Path: path, Bytes: len(f.Model)}}}
	if f.DataName == "" {
		if err = writeFiles(c, atomicfile.File{Path: path, Data: f.Model}); err == nil {
			noteUnread(c, path)
		}
	} else {
		data := atomicfile.File{Path: filepath.Join(filepath.Dir(path), f.DataName), Data: f.Data}
		r.Files = append(r.Files, report.File{Path: data.Path, Bytes: len(f.Data)})
		err = writeLinked(c, atomicfile.Linked{Path: path, Data: data, Naming: f.ModelNaming})
	}
	if err != nil {
		return err
	}
	return write(c, r)
}

// noteUnread tells of the data file of a model that stood in path before, and reads it no longer.
func noteUnread(c *cli.Context, path string) {
	data := path + ".data"
	if _, err := os.Lstat(data); err == nil {
		note(c, []string{fmt.Sprintf("%s stays; %s does not read it", data, path)})
	}
}

// exported is what to export: the network of --net, untrained, or a run.
func exported(c *cli.Context) (*model.Model, error) {
	if !c.IsSet("net") {
		for _, name := range []string{"act", "size", "classes"} {
			if c.IsSet(name) {
				return nil, usage("--%s is for the network of --net: a run brings its own", name)
			}
		}
		return openModel(c, "")
	}
	if c.IsSet("run") {
		return nil, usage("both --net %s and --run %s are given: choose one", c.String("net"), c.String("run"))
	}
	act := defaultAct
	if c.IsSet("act") {
		act = c.String("act")
	}
	net, err := presetOf(c, act)
	if err != nil {
		return nil, err
	}
	return &model.Model{Name: c.String("net"), Net: net, Metadata: map[string]string{}}, nil
}

// endingIn is the network with the end that the flags ask for.
func endingIn(c *cli.Context, m *model.Model) (*nn.Network, error) {
	softmax, sigmoid := c.Bool("softmax"), c.Bool("sigmoid")
	asked := "softmax"
	switch {
	case softmax && sigmoid:
		return nil, usage("both --softmax and --sigmoid are given: choose one")
	case sigmoid:
		asked = "sigmoid"
	case !softmax:
		return m.Net, nil
	}
	net, err := m.EndingIn(asked)
	if err != nil {
		return nil, exitError{err, exitUsage}
	}
	return net, nil
}
