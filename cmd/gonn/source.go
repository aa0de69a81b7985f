package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
)

// runsRoot is where runs without --run are made and looked for.
const runsRoot = "runs"

// openModel opens MODEL.onnx, or a run folder in its place, if it is given, else the run of
// --run, else the newest run.
func openModel(c *cli.Context, path string) (*model.Model, error) {
	dir := c.String("run")
	if path != "" && dir != "" {
		return nil, usage("both MODEL.onnx (%s) and --run %s are given: choose one", path, dir)
	}
	if path != "" {
		return openFile(c, path)
	}
	if dir == "" {
		var err error
		if dir, err = run.Latest(runsRoot); err != nil {
			return nil, err
		}
	}
	return model.OpenRun(dir)
}

// openFile opens MODEL.onnx, or a run folder in its place, to run as evaluatorFlags say.
func openFile(c *cli.Context, path string) (*model.Model, error) {
	r, err := evaluatorOf(c)
	if err != nil {
		return nil, err
	}
	m, err := model.Open(path)
	if err == nil {
		m.Evaluator = r
	}
	return m, err
}

// prepare makes models ready for samples, of --size or else of a shape (C, H, W) or (H, W)
// where their files leave it open; nil if that is not known.
func prepare(c *cli.Context, shape nn.Shape, models ...*model.Model) error {
	asked, err := sizeOf(c, models...)
	if err != nil {
		return err
	}
	if asked != nil {
		shape = asked
	}
	o := engine.Options{Raw: c.IsSet("scale"), Sample: shape}
	layout := c.String("layout")
	if layout != "" && layout != "nchw" && layout != "nhwc" {
		return usage("--layout %s: choose nchw or nhwc", layout)
	}
	o.Layout = layout
	used := false
	for _, m := range models {
		used = used || m.Foreign != nil
		if err := m.Prepare(o); err != nil {
			return err
		}
	}
	if layout != "" && !used {
		takes := fmt.Sprintf("samples of shape %v", models[0].Net.InputShape())
		if layout := models[0].InputLayout(); layout != "" {
			takes += ", in the file as " + layout
		}
		return usage("--layout is for files that have no trainable form: %s has one, and takes %s", models[0].Name, takes)
	}
	return nil
}
