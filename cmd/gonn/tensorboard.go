package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

func tensorboardCommand() *cli.Command {
	return &cli.Command{
		Name:      "tensorboard",
		Usage:     "write the course of runs as event files for TensorBoard",
		ArgsUsage: "RUN|FOLDER…",
		Description: "For runs that were trained without --tensorboard. Of a folder, such as a sweep, all runs in\n" +
			"it are taken. Scalars, settings and the graph are as gonn train --tensorboard writes them;\n" +
			"histograms and pictures are those of the parameters that the run holds.\n\n" +
			"Examples:\n" +
			"  gonn tensorboard runs --out events       then: tensorboard --logdir events\n" +
			"  gonn tensorboard runs/prelu-001 runs/mish-001 --out events --force",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "the folder `DIR` to write to, in which each run gets one of its name"},
			forceFlag, jsonFlag,
		},
		Action: writeEvents,
	}
}

func writeEvents(c *cli.Context) error {
	out := c.String("out")
	switch {
	case !c.Args().Present():
		return usage("tensorboard needs run folders, as in gonn tensorboard runs --out events")
	case out == "":
		return usage("tensorboard needs a folder to write to, as in --out events")
	case run.Owns(filepath.Join(out, "run.json")):
		return usage("--out %s is a run folder: choose another", out)
	}
	r := &report.Events{Out: out}
	files, old, err := eventFiles(r, c.Args().Slice())
	if err != nil {
		return err
	}
	if len(old) > 0 && !c.Bool("force") {
		return asExists(&atomicfile.ExistsError{Path: old[0]})
	}
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
			return err
		}
	}
	if err := writeFiles(c, files...); err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return write(c, r)
}

// eventFiles are those of all runs in folders, and the files that they take the place of.
func eventFiles(r *report.Events, roots []string) (files []atomicfile.File, old []string, err error) {
	for _, root := range roots {
		runs, err := run.Find(root)
		if err != nil {
			return nil, nil, err
		}
		if len(runs) == 0 {
			return nil, nil, usage("%s is neither a run folder nor has one in it", root)
		}
		for _, dir := range runs {
			f, others, err := eventFile(r, root, dir)
			if err != nil {
				return nil, nil, err
			}
			files, old = append(files, f), append(old, others...)
		}
	}
	return files, old, nil
}

// eventFile is the event file of a run, in the folder of its name, which for a run that was found
// in a folder is the path from there; and other event files of gonn that are there, of what the
// run was before.
func eventFile(r *report.Events, root, dir string) (f atomicfile.File, others []string, err error) {
	name, err := filepath.Rel(root, dir)
	if name == "." {
		name, err = filepath.Abs(dir)
		name = filepath.Base(name)
	}
	if err != nil {
		return f, nil, err
	}
	to := filepath.Join(r.Out, name)
	if run.Owns(filepath.Join(to, "run.json")) {
		return f, nil, usage("%s is a run folder, which has events of its own with gonn train --tensorboard: choose another --out", to)
	}
	past, err := recipe.PastEvents(dir)
	if err != nil {
		return f, nil, err
	}
	b, err := past.Encode()
	if err != nil {
		return f, nil, fmt.Errorf("%s: %w", dir, err)
	}
	f = atomicfile.File{Path: filepath.Join(to, past.Name()), Data: b}
	e := report.EventFile{Run: dir, Epochs: len(past.About.History), File: report.File{Path: f.Path, Bytes: len(b)}}
	for _, other := range r.Files {
		if filepath.Dir(other.Path) == to {
			return f, nil, usage("%s and %s would both be %s: write them to different folders", other.Run, dir, to)
		}
	}
	r.Files = append(r.Files, e)
	others, err = past.Others(to)
	return f, others, err
}
