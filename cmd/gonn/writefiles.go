package main

import (
	"errors"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/run"
)

var forceFlag = &cli.BoolFlag{Name: "force", Usage: "overwrite existing files"}

// writeFiles writes files that belong together, over existing ones only with --force.
// Those of a run are never overwritten.
func writeFiles(c *cli.Context, files ...atomicfile.File) error {
	for _, f := range files {
		if run.Owns(f.Path) {
			return usage("%s is a file of the run %s, which its training needs: choose another name", f.Path, filepath.Dir(f.Path))
		}
	}
	err := atomicfile.Save(c.Bool("force"), files...)
	if exists := (*atomicfile.ExistsError)(nil); errors.As(err, &exists) {
		return usage("%s exists: choose another name or overwrite it with --force", exists.Path)
	}
	return err
}
