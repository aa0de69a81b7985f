package run

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
)

// names are those of an epoch's values.
func names(m train.EpochMetrics) string {
	var b strings.Builder
	for _, v := range m.Values {
		b.WriteString(v.Name + " ")
	}
	return b.String()
}

// Metrics may change when a run is resumed, also within an epoch, and training stays the same.
func TestMetricsMayChangeInAResume(t *testing.T) {
	root := t.TempDir()
	dir, whole := filepath.Join(root, "run"), filepath.Join(root, "whole")
	set := settings()
	mustFit(t, create(t, whole, set))
	set.Metrics = "grad-norm,dead"
	mustFit(t, create(t, dir, set), &stopAfter{steps: 6}) // two steps into epoch 2
	to := func(list string) *Session {
		return goOn(t, dir, func(s *Settings) error { s.Metrics = list; return nil })
	}
	mustFit(t, to("dead,update-ratio"), &stopAfter{steps: 3})
	mustFit(t, to("none"))
	for _, name := range []string{stateFile, modelFile} {
		if files(t, dir)[name] != files(t, whole)[name] {
			t.Errorf("%s differs", name)
		}
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	const always = "loss accuracy val_loss val_accuracy lr seconds samples_per_s "
	ofParams := func(metric string) (list string) {
		for _, p := range r.Network.Params() {
			if p.Trained() {
				list += metric + "/" + p.FullName() + " "
			}
		}
		return list
	}
	for i, want := range []string{ofParams("grad_norm") + "dead/act ", "dead/act " + ofParams("update_ratio"), ""} {
		if got := names(r.Metrics[i]); got != always+want {
			t.Errorf("epoch %d has %s, want %s", i+1, got, always+want)
		}
	}
	end(t, sessions[dir])
	if s, err := Resume(dir, func(s *Settings) error { s.Metrics = "speed"; return nil }); s != nil || err == nil || !strings.Contains(err.Error(), `metrics: there is no metric "speed": choose some of `) {
		t.Errorf("got %v and error %v for a metric that there is none of", s, err)
	}
}

// A state within an epoch that lacks what a metric remembers is of another run.
func TestStateNeedsTheMemoryOfMetrics(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Metrics = "none"
	mustFit(t, create(t, dir, set), &stopAfter{steps: 2})
	end(t, sessions[dir])
	asOld(t, dir)
	record := files(t, dir)[recordFile]
	for list, want := range map[string]string{"grad-norm": `metric/grad-norm/count is "", need a number`, "dead": `it has no tensor "metric/dead/act"`} {
		write(t, filepath.Join(dir, recordFile), strings.Replace(record, `"metrics": "none"`, `"metrics": "`+list+`"`, 1))
		if r, err := Open(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v and error %v, want %q", list, r, err, want)
		}
	}
}
