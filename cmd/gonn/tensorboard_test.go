package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/report"
)

func TestTensorBoardOfRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"runs/a", "runs/sweep/b"} {
		mustRun(t, "train", "--net", "mlp", "--data", "mnist", "--limit", "64", "--epochs", "1", "--run", dir)
	}
	var r report.Events
	if err := json.Unmarshal([]byte(mustRun(t, "tensorboard", "runs", "runs/a/../sweep/b", "--out", "events", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.Files {
		names = append(names, filepath.ToSlash(filepath.Dir(f.Path)))
		if info, err := os.Stat(f.Path); err != nil || info.Size() != int64(f.Bytes) || f.Epochs != 1 {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if want := []string{"events/a", "events/sweep/b", "events/b"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	out := mustRun(t, "tensorboard", "runs", "-o", "events", "--force")
	if !strings.Contains(out, "(epochs: 1)\n") || !strings.HasSuffix(out, "look at them with tensorboard --logdir events\n") {
		t.Errorf("%q", out)
	}
	// A run that was trained anew under its name takes the place of the one before.
	before := filepath.Join("events", "a", "events.out.tfevents.1700000000.gonn")
	if err := os.Rename(r.Files[0].Path, before); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := gonn("tensorboard", "runs/a", "--out", "events"); code != exitUsage || !strings.Contains(stderr, "1700000000.gonn exists") {
		t.Errorf("exit %d, %q", code, stderr)
	}
	mustRun(t, "tensorboard", "runs", "-o", "events", "--force")
	if _, err := os.Stat(before); err == nil {
		t.Error("there are events of both")
	}
	for args, want := range map[string]string{
		"":                          "needs run folders",
		"runs":                      "needs a folder to write to",
		"runs --out events":         "exists: choose another name or overwrite it with --force",
		"runs --out runs":           "is a run folder",
		"runs/a runs/a --out other": "would both be",
		"events --out other":        "neither a run folder nor has one in it",
		"none --out other":          "none: ",
	} {
		_, stderr, code := gonn(append([]string{"tensorboard"}, strings.Fields(args)...)...)
		if code == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %q, want %q", args, code, stderr, want)
		}
	}
	if _, err := os.Stat("other"); err == nil {
		t.Error("after an error there is a folder")
	}
}
