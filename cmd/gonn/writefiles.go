package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/run"
)

var forceFlag = &cli.BoolFlag{Name: "force", Usage: "overwrite existing files"}

// writeFiles writes files, over existing ones only with --force. Those of a run are never
// overwritten.
func writeFiles(c *cli.Context, files ...atomicfile.File) error {
	for _, f := range files {
		if err := checkNotOwned(f.Path); err != nil {
			return err
		}
	}
	return asExists(atomicfile.Save(c.Bool("force"), files...))
}

// writeLinked is writeFiles for a model and its data.
func writeLinked(c *cli.Context, l atomicfile.Linked) error {
	for _, path := range []string{l.Data.Path, l.Path} {
		if err := checkNotOwned(path); err != nil {
			return err
		}
	}
	return asExists(atomicfile.SaveLinked(c.Bool("force"), l))
}

// checkOutputs finds what writeFiles would refuse before work that may take long: files that exist,
// files of runs, and folders that do not exist.
func checkOutputs(c *cli.Context, paths ...string) error {
	for _, path := range paths {
		if err := checkNotOwned(path); err != nil {
			return err
		}
		if _, err := os.Lstat(path); err == nil && !c.Bool("force") {
			return asExists(&atomicfile.ExistsError{Path: path})
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return fmt.Errorf("%s: there is no folder %s: make it, or choose another name", path, filepath.Dir(path))
		}
	}
	return nil
}

func checkNotOwned(path string) error {
	if run.Owns(path) {
		return usage("%s is a file of the run %s, which its training needs: choose another name", path, filepath.Dir(path))
	}
	switch info, err := os.Lstat(path); filepath.Base(path) {
	case "sweep.json", "bundle.json", "latest":
		if err == nil && info.Mode().IsRegular() {
			return usage("%s may be a record of gonn's own: choose another name, or remove it", path)
		}
	}
	return nil
}

// asExists says what to do about a file that is in the way.
func asExists(err error) error {
	if exists := (*atomicfile.ExistsError)(nil); errors.As(err, &exists) {
		return usage("%s exists: choose another name or overwrite it with --force", exists.Path)
	}
	return err
}
