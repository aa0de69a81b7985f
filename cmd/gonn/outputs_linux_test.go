package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What cannot be replaced is found before the work, also with --force: the models, runs and data
// that the commands name are not there.
func TestOutputsThatAreNoFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, ext := range []string{"html", "png", "xml", "csv", "onnx"} {
		for kind, put := range map[string]func(path string) error{
			"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o666) },
			"link":   func(path string) error { return os.Symlink("nowhere", path) },
			"folder": func(path string) error { return os.Mkdir(path, 0o777) },
		} {
			if err := put(filepath.Join(dir, kind+"."+ext)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, kind := range []string{"pipe", "link", "folder"} {
		for _, command := range []string{
			"compare missing.onnx --same --html KIND.html", "compare missing.onnx --same --junit KIND.xml",
			"compare missing.onnx other.onnx --data mnist --disagreements KIND.png",
			"report study --quick -o KIND.html", "lr-find --data missing -o KIND.png", "plot mish -o KIND.png",
			"sweep --act relu --seeds 1 --data missing --csv KIND.csv", "data --png KIND.png",
		} {
			for _, force := range []string{"", " --force"} {
				args := strings.Fields("gonn " + strings.ReplaceAll(command, "KIND", kind) + force)
				var stdout, stderr strings.Builder
				code := execute(t.Context(), args, &stdout, &stderr)
				if want := "is a " + kind + ", which is not replaced: choose another name"; code != exitUsage || !strings.Contains(stderr.String(), want) {
					t.Errorf("%v: exit %d, %s", args, code, stderr.String())
				}
			}
		}
	}
}
