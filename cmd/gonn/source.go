package main

import (
	"github.com/urfave/cli/v2"

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
		return model.Open(path)
	}
	if dir == "" {
		var err error
		if dir, err = run.Latest(runsRoot); err != nil {
			return nil, err
		}
	}
	return model.OpenRun(dir)
}

// openRunnable is openModel for commands that run samples.
func openRunnable(c *cli.Context, path string) (*model.Model, error) {
	m, err := openModel(c, path)
	if err != nil {
		return nil, err
	}
	return m, prepare(c, m)
}

// prepare makes models ready for samples.
func prepare(c *cli.Context, models ...*model.Model) error {
	layout := c.String("layout")
	if layout != "" && layout != "nchw" && layout != "nhwc" {
		return usage("--layout %s: choose nchw or nhwc", layout)
	}
	used := false
	for _, m := range models {
		used = used || m.Foreign != nil
		if err := m.Prepare(engine.Options{Layout: layout, Raw: c.IsSet("scale")}); err != nil {
			return err
		}
	}
	if layout != "" && !used {
		return usage("--layout is for files that have no trainable form: how %s takes pictures is known", models[0].Name)
	}
	return nil
}
