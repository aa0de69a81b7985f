package main

import (
	"errors"
	"fmt"
	"io/fs"
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
		if err := checkOutput(f.Path); err != nil {
			return err
		}
	}
	return asExists(atomicfile.Save(c.Bool("force"), files...))
}

// writeLinked is writeFiles for a model and its data.
func writeLinked(c *cli.Context, l atomicfile.Linked) error {
	for _, path := range []string{l.Data.Path, l.Path} {
		if err := checkOutput(path); err != nil {
			return err
		}
	}
	return asExists(atomicfile.SaveLinked(c.Bool("force"), l))
}

// checkOutputs finds what writeFiles would refuse before work that may take long: files that exist,
// files of runs, what is no file, and folders that do not exist.
func checkOutputs(c *cli.Context, paths ...string) error {
	return checkPaths(c.Bool("force"), paths...)
}

func checkPaths(overwrite bool, paths ...string) error {
	for _, path := range paths {
		if err := checkOutput(path); err != nil {
			return err
		}
		if _, err := os.Lstat(path); err == nil && !overwrite {
			return asExists(&atomicfile.ExistsError{Path: path})
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return fmt.Errorf("%s: there is no folder %s: make it, or choose another name", path, filepath.Dir(path))
		}
	}
	return nil
}

// checkOutput finds paths that are written over in no case.
func checkOutput(path string) error {
	if run.Owns(path) {
		return usage("%s is a file of the run %s, which its training needs: choose another name", path, filepath.Dir(path))
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil
	}
	if !info.Mode().IsRegular() {
		return usage("%s is %s, which is not replaced: choose another name", path, kindOf(info.Mode()))
	}
	switch filepath.Base(path) {
	case "sweep.json", "bundle.json", "latest":
		return usage("%s may be a record of gonn's own: choose another name, or remove it", path)
	}
	return nil
}

// kindOf names what is no regular file.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}

// asExists says what to do about a file that is in the way.
func asExists(err error) error {
	if exists := (*atomicfile.ExistsError)(nil); errors.As(err, &exists) {
		return usage("%s exists: choose another name or overwrite it with --force", exists.Path)
	}
	return err
}
