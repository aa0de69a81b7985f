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

// sweepTiny are flags of a sweep that is quick to train.
var sweepTiny = []string{"--net", "mlp", "--data", "mnist", "--limit", "40", "--epochs", "2", "--batch", "10", "--val", "0.25", "--seeds", "2"}

// The command trains the cells of its grid, once, and prints the same table whenever it is typed.
func TestSweep(t *testing.T) {
	t.Chdir(t.TempDir())
	args := append([]string{"sweep", "--act", "leaky:-1", "--act", "prelu", "--lr=0.001,0.0003"}, sweepTiny...)
	first := mustRun(t, append(args, "--csv", "t.csv")...)
	dir := filepath.Join("sweeps", "act-lr")
	state := filepath.Join(dir, "act=leaky_-1,lr=0.0003,seed=2", "run.json")
	before := readAll(t, state)
	stdout, stderr, code := gonn(args...)
	if code != 0 || stdout != first || stderr != "" {
		t.Errorf("again: exit %d, %s\n%s", code, stderr, stdout)
	}
	if after := readAll(t, state); string(after) != string(before) {
		t.Error("a finished cell was trained again")
	}
	for _, want := range []string{"leaky:-1 lr=0.001", "prelu lr=0.0003", "last epoch", "best epoch", "paired by seed"} {
		if !strings.Contains(first, want) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	if rows := strings.Count(string(readAll(t, "t.csv")), "\n"); rows != 1+4*2*4 {
		t.Errorf("%d rows of CSV", rows)
	}
	var r report.Sweep
	if err := json.Unmarshal([]byte(mustRun(t, "sweep", "--resume", dir, "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Cells) != 8 || r.Cells[0].Result.Best == nil || len(r.Rows) != 8 || len(r.Slopes) != 2 || r.Slopes[0].N != 2 {
		t.Errorf("%+v", r)
	}
	for _, c := range []struct{ args, says string }{
		{"sweep --act leaky:-1,prelu --lr 0.001 --dir " + dir, "it is over act, lr and seeds, and this one over act and seeds"},
		{strings.Replace(strings.Join(args, " "), "--seeds 2", "--seeds 1", 1), "it has seed 2, and this one has not"},
		{strings.Join(args, " ") + " --csv t.csv", "t.csv exists"},
		{strings.Join(args, " ") + " --csv nowhere/t.csv", "there is no folder nowhere"},
		{"sweep --resume " + dir + " --seeds 3", "--seeds cannot be given with --resume"},
		{"sweep --resume " + dir + " study", `leave out "study"`},
		{"sweep --resume runs", "is not the folder of a sweep"},
	} {
		if _, stderr, code := gonn(strings.Fields(c.args)...); code == 0 || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit %d, %s; want %q", c.args, code, stderr, c.says)
		}
	}
}

// What was typed wrong is found before there is a folder.
func TestSweepTypedWrong(t *testing.T) {
	t.Chdir(t.TempDir())
	for args, says := range map[string]string{
		"":                                       "nothing is swept",
		"--act reul":                             `--act: unknown activation "reul"`,
		"--act reul,mish":                        "did you mean relu?",
		"--lr 0.1,0":                             "--lr 0: the learning rate must be above 0",
		"--batch 32,,64":                         "--batch 32,,64: a value is missing beside a comma",
		"--act relu --batch 0":                   "batch 0: need at least 1",
		"--nesterov=perhaps":                     "--nesterov perhaps: need true or false",
		"--optimizer adam,sgd --nesterov":        "with optimizer=adam: optimizer adam has no Nesterov setting",
		"--optimizer sgd,adamw --weight-decay 0": "--weight-decay 0: adamw without weight decay is adam",
		"--seeds 0":                              "--seeds 0: need at least one",
		"--seed 3":                               "did you mean --seeds?",
		"--jobs 0":                               "--jobs 0: need 1 or more",
		"--act relu,relu":                        "--act relu: the value is there twice\n",
		"a b":                                    "takes one name",
		"a/b --act relu":                         "cannot be the name of a sweep",
		". --act relu":                           "cannot be the name of a sweep",
		"study --config x.json":                  "the study has settings of its own",
		"study --net model.onnx":                 "it brings its own activations",
		"--val 0.001 --limit 20 --net mlp --act relu":    "puts 0 of 10 pictures into validation",
		"--act relu --augment crop:4,flip --net mlp x y": "takes one name",
	} {
		if _, stderr, code := gonn(append([]string{"sweep"}, strings.Fields(args)...)...); code != exitUsage || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit %d, %s; want %q", args, code, stderr, says)
		}
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) > 0 {
		t.Errorf("there are %v, error %v", entries, err)
	}
}

// A name that was typed wrong is one like others, but gets a note.
func TestSweepNamedAlmostStudy(t *testing.T) {
	t.Chdir(t.TempDir())
	_, stderr, code := gonn("sweep", "stduy", "--act", "relu", "--batch", "0")
	if code != exitUsage || !strings.Contains(stderr, "did you mean gonn sweep study?") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// A cell that diverges is told of at the end, in the report and by the exit status.
func TestSweepWithFailedCells(t *testing.T) {
	t.Chdir(t.TempDir())
	stdout, stderr, code := gonn(append([]string{"sweep", "rates", "--act", "relu", "--lr", "0.001,1e38"}, append(slices.Clone(sweepTiny[:len(sweepTiny)-2]), "--seeds", "1")...)...)
	if code != exitFailed || !strings.Contains(stderr, "1 of 2 cells failed") || !strings.Contains(stdout, "failed: act=relu,lr=1e+38,seed=1: epoch 1: step ") ||
		!strings.Contains(stdout, "relu lr=0.001  1 ") {
		t.Errorf("exit %d, %s\n%s", code, stderr, stdout)
	}
}
