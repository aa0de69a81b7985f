package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
)

var forceFlag = &cli.BoolFlag{Name: "force", Usage: "overwrite existing files"}

// writeFiles writes files that belong together, over existing ones only with --force.
func writeFiles(c *cli.Context, files ...atomicfile.File) error {
	err := atomicfile.Save(c.Bool("force"), files...)
	if exists := (*atomicfile.ExistsError)(nil); errors.As(err, &exists) {
		return usage("%s exists: choose another name or overwrite it with --force", exists.Path)
	}
	return err
}
