package run

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
)

func TestMetricsHaveTheRateOfTheLastStep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Schedule = "step:1:0.1" // after each epoch a tenth
	mustFit(t, create(t, dir, set), &stopAfter{steps: 7})
	mustFit(t, goOn(t, dir, nil))
	got := files(t, dir)[metricsFile]
	if want := "epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,samples_per_s\n"; !strings.HasPrefix(got, want) {
		t.Errorf("the table begins\n%s\nwant\n%s", got, want)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range r.Metrics {
		if want := []float64{0.01, 0.001, 0.0001}[i]; m.LR < want*0.999 || m.LR > want*1.001 {
			t.Errorf("epoch %d has rate %v, want %v", m.Epoch, m.LR, want)
		}
	}
}

func TestMetricsAreReadByName(t *testing.T) {
	validated := train.EpochMetrics{Epoch: 1, Loss: 0.5, Accuracy: 0.75, Validated: true, ValLoss: 0.25, ValAccuracy: 1, LR: 0.1, Seconds: 2, SamplesPerSecond: 50}
	bare := train.EpochMetrics{Epoch: 1, Loss: 0.5, Accuracy: 0.75}
	for name, c := range map[string]struct {
		text string
		want train.EpochMetrics
		rate bool
	}{
		"as written":         {"epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,samples_per_s\n1,0.5,0.75,0.25,1,0.1,2.000,50.0\n", validated, true},
		"in another order":   {"lr,samples_per_s,seconds,val_accuracy,val_loss,accuracy,loss,epoch\n0.1,50,2,1,0.25,0.75,0.5,1\n", validated, true},
		"with other columns": {"note,epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,samples_per_s,\n\"a, b\",1,0.5,0.75,0.25,1,0.1,2,50,x\n", validated, true},
		"the least":          {"accuracy,epoch,loss\n0.75,1,0.5\n", bare, false},
		"a mark in front":    {"\ufeffepoch,loss,accuracy\r\n1,0.5,0.75\r\n", bare, false},
		"empty cells":        {"epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds\n1,0.5,0.75,,,,\n", bare, false},
		"a rate of 0":        {"epoch,loss,accuracy,lr\n1,0.5,0.75,0\n", bare, true},
	} {
		got, err := parseMetrics([]byte(c.text), 1)
		if err != nil || len(got.metrics) != 1 || got.metrics[0] != c.want || got.noRate[1] == c.rate {
			t.Errorf("%s: got %+v and error %v, want %+v", name, got, err, c.want)
		}
	}
	for want, text := range map[string]string{
		"the file is empty":                      "",
		`the first line has no column "loss"`:    "epoch,accuracy\n1,1\n",
		`the first line has two columns "loss"`:  "epoch,loss,accuracy,loss\n1,1,1,1\n",
		`line 2: lr is "fast", need a number`:    "epoch,loss,accuracy,lr\n1,1,1,fast\n",
		`line 2: loss is "", need a number`:      "epoch,loss,accuracy\n1,,1\n",
		"one of val_loss and val_accuracy":       "epoch,loss,accuracy,val_loss\n1,1,1,1\n",
		"record on line 2: wrong number of fiel": "epoch,loss,accuracy\n1,1\n",
	} {
		if got, err := parseMetrics([]byte(text), 1); err == nil || !strings.Contains(err.Error(), want) || got.metrics != nil {
			t.Errorf("%q: got %v and error %v, want %q", text, got, err, want)
		}
	}
}

// Runs from before there were a schema and rates go on, and their rates stay unknown.
func TestRunsOfOlderVersionsResume(t *testing.T) {
	root := t.TempDir()
	dir, whole := filepath.Join(root, "old"), filepath.Join(root, "whole")
	mustFit(t, create(t, whole, settings()))
	mustFit(t, create(t, dir, settings()), &stopAfter{steps: 9})
	end(t, sessions[dir])
	asOld(t, dir)
	old := files(t, dir)
	record := strings.Replace(old[recordFile], "  \"schema\": 1,\n", "", 1)
	if record == old[recordFile] {
		t.Fatalf("no schema in %s", record)
	}
	write(t, filepath.Join(dir, recordFile), record)
	var rows []string
	for row := range strings.Lines(old[metricsFile]) {
		cells := strings.Split(row, ",")
		rows = append(rows, strings.Join(slices.Delete(cells, 5, 6), ","))
	}
	write(t, filepath.Join(dir, metricsFile), strings.Join(rows, ""))
	if rows[0] != "epoch,loss,accuracy,val_loss,val_accuracy,seconds,samples_per_s\n" {
		t.Fatalf("the old table is %q", rows)
	}

	if _, err := Open(dir); err != nil {
		t.Fatal(err)
	}
	mustFit(t, goOn(t, dir, nil))
	now := files(t, dir)
	if now[stateFile] != files(t, whole)[stateFile] || now[modelFile] != files(t, whole)[modelFile] {
		t.Error("the run ends otherwise than a new one")
	}
	if !strings.HasPrefix(now[recordFile], "{\n  \"schema\": 2,\n") {
		t.Errorf("the resumed run begins %.40s", now[recordFile])
	}
	tab, err := parseMetrics([]byte(now[metricsFile]), 3)
	if err != nil || len(tab.metrics) != 3 || !maps.Equal(tab.noRate, map[int]bool{1: true, 2: true}) || tab.metrics[2].LR != 0.01 {
		t.Errorf("got %+v and error %v from\n%s", tab, err, now[metricsFile])
	}
}
