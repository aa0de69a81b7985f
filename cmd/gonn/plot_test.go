package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/report"
)

// Pictures of a run, of two at once, and of a model; files that are there stay.
func TestPlot(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"runs/a", "other/a"} {
		mustRun(t, "train", "--net", "mlp", "--act", "prelu:channel", "--data", "mnist", "--limit", "64", "--epochs", "2", "--run", dir)
	}
	mustRun(t, "export", "--run", "runs/a", "model.onnx")
	var r report.Plot
	if err := json.Unmarshal([]byte(mustRun(t, "plot", "curves,slopes", "runs/a", "other/a", "-o", "two.png", "--width", "400", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Pictures) != 2 || strings.Join(r.Pictures[1].Of, " ") != "runs/a other/a" {
		t.Fatalf("report %+v", r)
	}
	for i, name := range []string{"two-curves.png", "two-slopes.png"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := png.DecodeConfig(bytes.NewReader(b))
		if p := r.Pictures[i]; err != nil || p.File != name || p.Bytes != len(b) || p.Width != c.Width || p.Height != c.Height || c.Width != 400 {
			t.Errorf("%s is %+v, the report says %+v, error %v", name, c, p, err)
		}
	}
	mustRun(t, "plot", "network") // the newest run
	mustRun(t, "plot", "network", "model.onnx", "-o", "model.dot")
	before, err := os.ReadFile("model.dot")
	if err != nil || !strings.HasPrefix(string(before), "digraph \"model.onnx\"") {
		t.Errorf("model.dot is %.40q, error %v", before, err)
	}
	for _, c := range []struct{ args, says string }{
		{"plot network -o model.dot", "model.dot exists: choose another name or overwrite it with --force"},
		{"plot network -o " + filepath.Join("runs", "a", "model.onnx") + ".gif", "a file whose name ends in .png or .svg or .dot"},
		{"plot curves -o model.dot --force", "curves is written to a file whose name ends in .png or .svg"},
		{"plot curves runs/a runs/a", "runs/a is named twice"},
		{"plot curves runs/a --metric los", "they have loss, accuracy"},
		{"plot slopes runs/a --fan --maps", "choose one"},
	} {
		if out, stderr, code := gonn(strings.Fields(c.args)...); code != exitUsage || out != "" || !strings.Contains(stderr, c.says) {
			t.Errorf("gonn %s: exit %d, %q, want %q", c.args, code, stderr, c.says)
		}
	}
	if after, err := os.ReadFile("model.dot"); err != nil || !bytes.Equal(before, after) {
		t.Errorf("model.dot is another, error %v", err)
	}
}

// The list and the help page name every picture, and the help page every flag of one.
func TestPlotLists(t *testing.T) {
	list, help := mustRun(t, "plot"), mustRun(t, "plot", "--help")
	for _, k := range kinds.Table {
		if !strings.Contains(list, k.Name) || !strings.Contains(help, k.Name) {
			t.Errorf("%s is not listed", k.Name)
		}
		for _, o := range k.Options {
			if !strings.Contains(help, "--"+o.Name) {
				t.Errorf("the help page lacks --%s", o.Name)
			}
		}
	}
}
