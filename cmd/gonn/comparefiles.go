package main

import (
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/report"
)

// compareFileFlags name the files that a comparison is written to.
var compareFileFlags = []cli.Flag{
	&cli.StringFlag{Name: "html", Usage: "write `FILE`: one page with the graph, each layer coloured by its error, for any browser"},
	&cli.StringFlag{Name: "junit", Usage: "write `FILE`: JUnit XML with a case for each output, layer and plan, for GitLab, Jenkins or GitHub"},
}

// checkCompareFiles refuses files that cannot be written, before long work.
func checkCompareFiles(c *cli.Context) error {
	for _, name := range []string{"inputs", "expected", "html", "junit", "disagreements"} {
		if c.IsSet(name) && c.String(name) == "" {
			return usage("--%s names no file", name)
		}
	}
	var outputs []string
	for _, name := range []string{"html", "junit", "disagreements"} {
		path := c.String(name)
		if path == "" {
			continue
		}
		for _, other := range outputs {
			if sameFile(other, path) {
				return usage("two of --html, --junit and --disagreements name %s: choose two files", path)
			}
		}
		for _, read := range append(c.Args().Slice(), c.String("inputs"), c.String("expected"), c.String("data")) {
			if read != "" && sameFile(read, path) {
				return usage("--%s names %s, which the comparison reads: choose another name", name, path)
			}
		}
		outputs = append(outputs, path)
	}
	html, junit := c.String("html"), c.String("junit")
	overwrite := c.Bool("force") || html != "" && junit != "" && atomicfile.Interrupted(html, junit)
	return checkPaths(overwrite, outputs...)
}

// sameFile reports whether two paths are those of one file, also if that is still to be written.
func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	other, err2 := os.Stat(b)
	if err1 == nil && err2 == nil {
		return os.SameFile(one, other)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// writeCompareFiles writes the files that --html and --junit ask for.
func writeCompareFiles(c *cli.Context, r *report.Compare) error {
	var files []atomicfile.File
	if r.Answer == "" && len(r.Replays) == 0 && (c.IsSet("html") || c.IsSet("junit")) {
		return usage("--html and --junit show numbers held against numbers, and nothing was: give --inputs and --expected, or --same")
	}
	for _, f := range []struct {
		flag   string
		encode func() ([]byte, error)
	}{{"html", r.HTML}, {"junit", r.JUnit().Encode}} {
		path := c.String(f.flag)
		if path == "" {
			continue
		}
		b, err := f.encode()
		if err != nil {
			return err
		}
		files = append(files, atomicfile.File{Path: path, Data: b})
	}
	if len(files) == 0 {
		return nil
	}
	return writeFiles(c, files...)
}
