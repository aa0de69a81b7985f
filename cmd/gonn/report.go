package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/report/runpage"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "a run, a sweep or the claims of the study as one HTML page",
		ArgsUsage: "[RUN|SWEEP|study]",
		Description: "Without an argument it is of the newest run. The page is one file that needs no network, for\n" +
			"screens of any width, light and dark, and for paper.\n\n" +
			"A page of a run has its confusion matrix and mistakes, measured on the test set. If the data\n" +
			"have moved, --data says where they are; without data the page has the rest. A page of a\n" +
			"sweep has means with intervals, tests of all pairs and curves over seeds. Runs and sweeps\n" +
			"with the settings of the study have its published figures beside them.\n\n" +
			studyHelp() + "\n" +
			"Examples:\n" +
			"  gonn report                        the newest run\n" +
			"  gonn report runs/prelu-001 -o prelu.html\n" +
			"  gonn report sweeps/study\n" +
			"  gonn report sweeps/study --beside testdata/ref/study_torch.json\n" +
			"  gonn report runs/flowers-001 --data ~/flowers --force\n" +
			studyExamples,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write `FILE.html`", DefaultText: "the name of the run or sweep, in the current folder"},
			workersFlag, forceFlag, jsonFlag,
		}, pageFlags, studyFlags),
		Action: limited(writeReport),
	}
}

// pageFlags are those of pages of runs and sweeps alone.
var pageFlags = []cli.Flag{
	&cli.StringFlag{Name: "data", Usage: "`PATH` of the data, if they have moved", DefaultText: "as the run was trained"},
	besideFlag(),
}

// besideFlag is new for each command, as it keeps what was given.
func besideFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "beside", Usage: "show results of the study in another framework beside those of a sweep: `FILE.json` of testdata/ref/study_torch.py or study_keras.py; more than once"}
}

// besideOf reads the files of besideFlag.
func besideOf(c *cli.Context) (all []*sweep.Framework, err error) {
	for _, path := range c.StringSlice("beside") {
		f, err := sweep.ReadFramework(path)
		if err != nil {
			return nil, err
		}
		for _, other := range all {
			if other.Framework == f.Framework {
				return nil, usage("--beside: %s and %s are both of %s: give one of them", other.Path, path, f.Name())
			}
		}
		all = append(all, f)
	}
	return all, nil
}

func writeReport(c *cli.Context) error {
	dir, err := oneArg(c, "RUN or SWEEP")
	if err != nil {
		return err
	}
	if dir == sweep.Study { // a folder of that name is ./study
		if err := notAsked(c, pageFlags, "pages of runs and sweeps, not for the study"); err != nil {
			return err
		}
		return reportStudy(c)
	}
	if err := notAsked(c, studyFlags, "gonn report study"); err != nil {
		return err
	}
	if dir == "" {
		if dir, err = run.Latest(runsRoot); err != nil {
			return err
		}
	}
	if info, err := os.Stat(dir); err != nil {
		return err
	} else if !info.IsDir() {
		return usage("%s is a file: name the folder of a run or sweep", dir)
	}
	r := &report.HTMLPage{Of: dir, Kind: "sweep", File: c.String("output")}
	if r.File, err = reportPath(r.File, dir); err != nil {
		return err
	}
	if err := checkOutputs(c, r.File); err != nil {
		return err
	}
	o := runpage.Options{DataPath: c.String("data"), Workers: c.Int("workers"), Output: c.String("output")}
	if o.Beside, err = besideOf(c); err != nil {
		return err
	}
	var b []byte
	s, err := sweep.Open(dir)
	switch {
	case err == nil:
		b, err = runpage.Sweep(s, o)
	case errors.Is(err, fs.ErrNotExist):
		r.Kind = "run"
		if o.Beside != nil {
			return usage("--beside is for sweeps, and %s is a run", dir)
		}
		b, err = runpage.Run(dir, o)
	}
	if err != nil {
		return err
	}
	r.Bytes = len(b)
	if err := writeFiles(c, atomicfile.File{Path: r.File, Data: b}); err != nil {
		return err
	}
	return write(c, r)
}

// notAsked is an error if a flag is given that is for something else.
func notAsked(c *cli.Context, flags []cli.Flag, what string) error {
	for _, f := range flags {
		if name := f.Names()[0]; c.IsSet(name) {
			return usage("--%s is for %s", name, what)
		}
	}
	return nil
}

// reportPath is the file of a page: FILE, or the last part of the folder's name.
func reportPath(output, dir string) (string, error) {
	switch ext := filepath.Ext(output); {
	case output == "":
		abs, err := filepath.Abs(dir)
		return filepath.Base(abs) + ".html", err
	case ext != ".html" && ext != ".htm":
		return "", usage("-o %s: the page is written to a file whose name ends in .html", output)
	}
	return output, nil
}
