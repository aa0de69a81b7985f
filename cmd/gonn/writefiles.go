package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

var forceFlag = &cli.BoolFlag{Name: "force", Usage: "overwrite existing files"}

// writeFiles writes files that belong together, over existing ones only with --force.
func writeFiles(c *cli.Context, files ...atomicfile.File) error {
	if c.Bool("force") {
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
