package run

import (
	"encoding/json"
	"path/filepath"
	"reflect"
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
	if want := "epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,samples_per_s,slopes/act/mean,slopes/act/std,slopes/act/p0,"; !strings.HasPrefix(got, want) {
		t.Errorf("the table begins\n%s\nwant\n%s", got, want)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range r.Metrics {
		if want := []float64{0.01, 0.001, 0.0001}[i]; m.LR() < want*0.999 || m.LR() > want*1.001 {
			t.Errorf("epoch %d has rate %v, want %v", m.Epoch, m.LR(), want)
		}
	}
}

func TestMetricsAreReadByName(t *testing.T) {
	const (
		full  = `{"epoch":1,"loss":0.5,"accuracy":0.75,"val_loss":0.25,"val_accuracy":1,"lr":0.1,"seconds":2,"samples_per_s":50}`
		least = `{"epoch":1,"loss":0.5,"accuracy":0.75}`
	)
	for name, c := range map[string]struct{ text, want string }{
		"as written":         {"epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,samples_per_s\n1,0.5,0.75,0.25,1,0.1,2.000,50.0\n", full},
		"in another order":   {"lr,samples_per_s,seconds,val_accuracy,val_loss,accuracy,loss,epoch\n0.1,50,2,1,0.25,0.75,0.5,1\n", full},
		"with other columns": {"note,epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,samples_per_s,\n\"a, b\",1,0.5,0.75,0.25,1,0.1,2,50,x\n", full},
		"the least":          {"accuracy,epoch,loss\n0.75,1,0.5\n", least},
		"a mark in front":    {"\ufeffepoch,loss,accuracy\r\n1,0.5,0.75\r\n", least},
		"empty cells":        {"epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds\n1,0.5,0.75,,,,\n", least},
		"a rate of 0":        {"epoch,loss,accuracy,lr\n1,0.5,0.75,0\n", `{"epoch":1,"loss":0.5,"accuracy":0.75,"lr":0}`},
	} {
		got, err := parseMetrics([]byte(c.text), 1)
		if text, _ := json.Marshal(got); err != nil || string(text) != "["+c.want+"]" {
			t.Errorf("%s: got %s and error %v, want %s", name, text, err, c.want)
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
		if got, err := parseMetrics([]byte(text), 1); err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%q: got %v and error %v, want %q", text, got, err, want)
		}
	}
}

// Runs of schema 2 have epochs of fixed fields, and say whether there was validation.
func TestRunsOfSchema2Resume(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Epochs = 2
	mustFit(t, create(t, dir, set))
	end(t, sessions[dir])
	want, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	text := files(t, dir)[recordFile]
	text = strings.Replace(text, `"schema": 3`, `"schema": 2`, 1)
	text = strings.ReplaceAll(text, `,"val_loss"`, `,"validated":true,"val_loss"`)
	text = text[:len(text)-len(ending)-64]
	text += sumOf([]byte(text)).SHA256 + ending
	write(t, filepath.Join(dir, recordFile), text)
	if got, err := Open(dir); err != nil || !reflect.DeepEqual(got.Metrics, want.Metrics) {
		t.Errorf("got %v and error %v, want %v", got, err, want.Metrics)
	}
	mustFit(t, goOn(t, dir, func(s *Settings) error { s.Epochs = 3; return nil }))
	if got, err := Open(dir); err != nil || len(got.Metrics) != 3 || !reflect.DeepEqual(got.Metrics[:2], want.Metrics) {
		t.Errorf("after a resume: got %v and error %v", got, err)
	}
}

// A history that could not be read again is not written.
func TestTooManySeriesAreRefused(t *testing.T) {
	r := &record{History: []train.EpochMetrics{{Epoch: 1, Values: []train.Value{{Name: "loss"}}}, {Epoch: 2}}}
	b, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.encodeWithin(len(b)); err != nil {
		t.Error(err)
	}
	if b, err := r.encodeWithin(len(b) - 1); err == nil || !strings.Contains(err.Error(), "the 1 series of 2 epochs take ") {
		t.Errorf("got %d bytes and error %v", len(b), err)
	}
}

// Runs from before there were a schema and rates go on, and their rates stay unknown.
func TestRunsOfOlderVersionsResume(t *testing.T) {
	root := t.TempDir()
	dir, whole := filepath.Join(root, "old"), filepath.Join(root, "whole")
	set := settings()
	set.Metrics = "none"
	mustFit(t, create(t, whole, set))
	mustFit(t, create(t, dir, set), &stopAfter{steps: 9})
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
	if !strings.HasPrefix(now[recordFile], "{\n  \"schema\": 3,\n") {
		t.Errorf("the resumed run begins %.40s", now[recordFile])
	}
	r, err := Open(dir)
	if err != nil || len(r.Metrics) != 3 {
		t.Fatalf("got %+v and error %v, want 3 epochs", r, err)
	}
	for i, known := range []bool{false, false, true} {
		if rate, ok := r.Metrics[i].Get("lr"); ok != known || ok && rate != 0.01 {
			t.Errorf("epoch %d has rate %v, known: %v", i+1, rate, ok)
		}
	}
	if rows := strings.Split(now[metricsFile], "\n"); rows[0] != "epoch,loss,accuracy,val_loss,val_accuracy,seconds,samples_per_s,lr" || !strings.HasSuffix(rows[1], ",") {
		t.Errorf("the table is\n%s", now[metricsFile])
	}
}
