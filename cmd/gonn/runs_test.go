package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/report"
)

// The runs of a folder, as a user lists, sorts and filters them.
func TestRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "prelu", "--run", "runs/a")...)
	mustRun(t, small("--act", "mish", "--run", "runs/below/b", "--val", "0.2", "--lr", "0.01")...)
	first := func(column int, args ...string) string {
		var cells []string
		for line := range strings.Lines(mustRun(t, append([]string{"runs"}, args...)...)) {
			if fields := strings.Fields(line); len(fields) > column && !strings.HasPrefix(line, "runs") && !strings.HasPrefix(line, "left") && line[0] != ' ' {
				cells = append(cells, fields[column])
			}
		}
		return strings.Join(cells, " ")
	}
	for _, c := range []struct{ args, want string }{
		{"", "run a below/b"}, {"--sort -lr", "run below/b a"}, {"--filter act=mish", "run below/b"}, {"--filter val_loss>0 --filter epochs>=1", "run below/b"},
		{"runs/a", "run a"}, {"--columns run,optimizer --sort run", "run a below/b"},
	} {
		if got := first(0, strings.Fields(c.args)...); got != c.want {
			t.Errorf("runs %s: %s, want %s", c.args, got, c.want)
		}
	}
	if got := first(1, "--columns", "run,act,test_acc"); got != "act prelu mish" {
		t.Errorf("column act: %s", got)
	}
	var r report.Runs
	if err := json.Unmarshal([]byte(mustRun(t, "runs", "--json", "--filter", "act=mish")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Of != 2 || len(r.Runs) != 1 || r.Runs[0].Dir == "" || r.Runs[0].Result.Test.Samples == 0 || r.Runs[0].LastEpoch.Epoch != 1 {
		t.Errorf("%+v", r)
	}
	for args, says := range map[string]string{
		"--sort tset_loss":  `--sort: no run has "tset_loss"; did you mean test_loss?`,
		"--filter zzz=1":    `--filter: no run has "zzz"; there are run, state, epochs`,
		"--columns run,ac":  `--columns: no run has "ac"; did you mean`,
		"--filter epochs>x": `--filter: epochs>x: "x" is not a number, as epochs is`,
	} {
		if out, stderr, code := gonn(append([]string{"runs"}, strings.Fields(args)...)...); code != exitUsage || !strings.Contains(stderr, says) || out != "" {
			t.Errorf("runs %s: exit %d, %q, want %q", args, code, stderr, says)
		}
	}
}

// A run that cannot be read is named, and the others are there.
func TestRunsThatCannotBeRead(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--run", "runs/a")...)
	b, err := os.ReadFile("runs/a/run.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("runs/edited", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("runs/edited/run.json", []byte(strings.Replace(string(b), `"epochs": 1`, `"epochs": 9`, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	out := mustRun(t, "runs")
	for _, want := range []string{"\na       finished", "\nedited  unreadable\n", "runs: 2 runs (1 finished, 1 unreadable)", "checksum is another"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}
