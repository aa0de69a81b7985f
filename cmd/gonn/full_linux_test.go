package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gonnWithRoom runs a command line in a process of its own in which no file can grow beyond
// 600 bytes, as on a disk that is full.
func gonnWithRoom(t *testing.T, args ...string) (stderr string, code int) {
	t.Helper()
	c := job{Args: args, FileSize: 600}.command()
	var told bytes.Buffer
	c.Stderr = &told
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return told.String(), c.ProcessState.ExitCode()
}

// tree is all that is below the current folder: files by path with their content, folders too.
func tree(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			files[path] = "folder"
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Every command that writes files fails on a full disk, names the file and leaves
// everything as it was.
func TestCommandsOnAFullDisk(t *testing.T) {
	t.Chdir(t.TempDir())
	small := func(args ...string) []string {
		return append([]string{"train", "--limit", "64", "--batch", "32", "--epochs", "1"}, args...)
	}
	mustRun(t, small("--run", "a")...)
	mustRun(t, small("--run", "b", "--seed", "2")...)
	mustRun(t, "export", "m.onnx", "--run", "a")
	mustRun(t, "export", "e.onnx", "--run", "a", "--external")
	mustRun(t, "data", "--data", "mnist", "--limit", "20", "--png", "d.png")
	mustRun(t, "record", "pytorch", "--out", "r.py")
	before, cases := tree(t), 0
	for command, file := range map[string]string{
		"export m.onnx --run b --force":                         "m.onnx",
		"export n.onnx --run b":                                 "n.onnx",
		"export e.onnx --run b --external --force":              "e.onnx",
		"export n.onnx --run b --external":                      "n.onnx.data",
		"data --data mnist --limit 30 --png d.png --force":      "d.png",
		"data --data mnist --limit 20 --png n.png":              "n.png",
		"record keras --out r.py --force":                       "r.py",
		"record pytorch --out n.py":                             "n.py",
		"record --run a --out bundle --steps 1":                 "state.safetensors",
		"compare m.onnx --limit 20 --html n.html --junit n.xml": "n.html",
		"import m.onnx --run n":                                 "n",
		"train --limit 64 --run n":                              "n",
		"train --resume --run a --epochs 2":                     "a",
	} {
		cases++
		stderr, code := gonnWithRoom(t, strings.Fields(command)...)
		if code == 0 || !strings.Contains(stderr, file) || !strings.Contains(stderr, "file too large") {
			t.Errorf("%s: exit %d, %q, want an error of %s", command, code, stderr, file)
		}
		if got := tree(t); !maps.Equal(got, before) {
			t.Errorf("%s: changed or left %v", command, differing(got, before))
		}
	}
	t.Logf("promise T5: %d commands on a full disk: 0 without an error that names the file, 0 that changed or left a file", cases)
}

func differing(a, b map[string]string) (paths []string) {
	for path := range a {
		if b[path] != a[path] {
			paths = append(paths, path)
		}
	}
	for path := range b {
		if _, there := a[path]; !there {
			paths = append(paths, path)
		}
	}
	return paths
}
