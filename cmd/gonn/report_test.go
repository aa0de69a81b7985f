package main

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/report"
)

// trainCommandOn is the command that a page has for its training.
var trainCommandOn = regexp.MustCompile(`<code>gonn (train[^<]*)</code>`)

// Pages of the newest run and of a sweep; the command on a page makes the same run; files that are
// there stay.
func TestReport(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, strings.Fields("train --net mlp --act prelu:channel --data mnist --limit 64 --epochs 2 --lr 0.002 --seed 3 --val 0.25 --restore-best --run runs/a")...)
	if out := mustRun(t, "report"); !strings.HasPrefix(out, "a.html: the report on the run "+filepath.Join("runs", "a")) {
		t.Errorf("%q", out)
	}
	page, err := os.ReadFile("a.html")
	if err != nil {
		t.Fatal(err)
	}
	m := trainCommandOn.FindSubmatch(page)
	if m == nil {
		t.Fatal("the page has no command for its training")
	}
	mustRun(t, append(strings.Fields(html.UnescapeString(string(m[1]))), "--run", "runs/b")...)
	var models [2][]byte
	for i, dir := range []string{"a", "b"} {
		if models[i], err = os.ReadFile(filepath.Join("runs", dir, "model.onnx")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(models[0], models[1]) {
		t.Errorf("gonn %s makes another model", m[1])
	}
	mustRun(t, strings.Fields("sweep acts --net mlp --act relu,mish --data mnist --limit 32 --epochs 1 --seeds 2")...)
	var r report.HTMLPage
	if err := json.Unmarshal([]byte(mustRun(t, "report", "sweeps/acts", "-o", "s.html", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat("s.html"); err != nil || r.Kind != "sweep" || r.File != "s.html" || int64(r.Bytes) != info.Size() {
		t.Errorf("%+v, %v", r, err)
	}
	for _, c := range []struct {
		args, says string
		code       int
	}{
		{"report runs/a", "a.html exists: choose another name or overwrite it with --force", exitUsage},
		{"report runs/a -o a.pdf", "-o a.pdf: the page is written to a file whose name ends in .html", exitUsage},
		{"report runs/a runs/b", "report takes one RUN or SWEEP, got 2", exitUsage},
		{"report a.html", "a.html is a file: name the folder of a run or sweep", exitUsage},
		{"report sweeps/acts --beside nowhere.json -o x.html", "nowhere.json: no such file", exitFailed},
		{"sweep study --beside nowhere.json", "nowhere.json: no such file", exitFailed},
		{"sweep --resume sweeps/acts --beside runs/a/run.json", "need a file that testdata/ref/study_torch.py or study_keras.py has written", exitFailed},
		{"report sweeps/acts --beside runs/a/run.json -o x.html", "need a file that testdata/ref/study_torch.py or study_keras.py has written", exitFailed},
		{"report runs -o x.html", "runs", exitFailed},
		{"report nowhere", "gonn: nowhere: no such file", exitFailed},
	} {
		if out, stderr, code := gonn(strings.Fields(c.args)...); code != c.code || out != "" || !strings.Contains(stderr, c.says) {
			t.Errorf("gonn %s: exit %d, %q, want exit %d, %q", c.args, code, stderr, c.code, c.says)
		}
	}
	if after, err := os.ReadFile("a.html"); err != nil || !bytes.Equal(page, after) {
		t.Errorf("a.html is another, error %v", err)
	}
	mustRun(t, "report", "runs/a", "--force")
}
