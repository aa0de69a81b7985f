package run

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

// A summary is what Open says of the run, in each of its states, and reading it changes nothing.
func TestSummary(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	summary := func(state State, epochs int) *Summary {
		t.Helper()
		before := files(t, dir)
		s, err := ReadSummary(dir)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if s.State != state || s.Epochs() != epochs || (s.PID != 0) != (state == Training) {
			t.Errorf("%s by %d after %d epochs, want %s after %d", s.State, s.PID, s.Epochs(), state, epochs)
		}
		if s.Settings != r.Settings || !reflect.DeepEqual(s.Metrics, r.Metrics) || !reflect.DeepEqual(s.Result, r.Result) || !reflect.DeepEqual(s.Sessions, r.Sessions) {
			t.Errorf("summary %+v of the run %+v", s, r)
		}
		if !reflect.DeepEqual(files(t, dir), before) {
			t.Error("reading has changed the run")
		}
		return s
	}
	set := settings()
	set.DataSHA256 = "x"
	s := create(t, dir, set)
	summary(Training, 0)
	end(t, s)
	summary(Stopped, 0)
	mustFit(t, goOn(t, dir, nil), &stopAfter{steps: 6})
	summary(Training, 1)
	s = goOn(t, dir, nil)
	mustFit(t, s)
	if err := s.Finish(Result{Test: Score{Samples: 3, Loss: 0.5}}); err != nil {
		t.Fatal(err)
	}
	got := summary(Finished, 3) // also before the session is closed
	if want, _ := got.Best(); want.Epoch != s.best.Lowest.Epoch {
		t.Errorf("best epoch %d, the training says %d", want.Epoch, s.best.Lowest.Epoch)
	}
	end(t, s)
	summary(Finished, 3)
	if err := os.RemoveAll(filepath.Join(dir, modelFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSummary(dir); err != nil {
		t.Errorf("without the files of the network: %v", err)
	}
}

func TestSummaryOfAnImportedRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Act, set.NetPath = "", "model.onnx"
	end(t, create(t, dir, set))
	if s, err := ReadSummary(dir); err != nil || s.State != Imported {
		t.Errorf("%+v, error %v", s, err)
	}
}

func TestSummaryRefusesWhatOpenRefuses(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "run")
	end(t, create(t, whole, settings()))
	record := files(t, whole)[recordFile]
	for name, change := range map[string]func(string) string{
		"its checksum is another": func(s string) string { return strings.Replace(s, `"seed": 5`, `"seed": 6`, 1) },
		"the file ends within":    func(s string) string { return s[:len(s)/2] },
		"schema 99": func(s string) string {
			return strings.Replace(s, fmt.Sprintf(`"schema": %d`, schema), `"schema": 99`, 1)
		},
		"sessions": func(s string) string {
			r, err := decodeRecord([]byte(s))
			if err != nil {
				t.Fatal(err)
			}
			r.Sessions = nil
			b, err := r.encode()
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		},
	} {
		dir := filepath.Join(t.TempDir(), "run")
		path := filepath.Join(dir, recordFile)
		write(t, path, change(record))
		if _, err := ReadSummary(dir); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want one with %q and the path", err, name)
		}
	}
}

func TestBestAndTimeOfAHistory(t *testing.T) {
	epochs := func(losses, seconds []float64) *Summary {
		s := &Summary{}
		for i, v := range losses {
			s.Metrics = append(s.Metrics, train.EpochMetrics{Epoch: i + 1, Values: []train.Value{{Name: "loss", Value: v}, {Name: "seconds", Value: seconds[i]}}})
		}
		return s
	}
	nan := math.NaN()
	for _, c := range []struct {
		losses, seconds []float64
		best            int
		time            time.Duration
	}{
		{[]float64{3, 1, 1, 2}, []float64{1, 0.5, 1, 1}, 2, 3500 * time.Millisecond},
		{[]float64{nan, 2, 1}, []float64{nan, -1, 2}, 3, 2 * time.Second},
		{[]float64{2, nan}, []float64{1e300, 1e300}, 1, math.MaxInt64},
		{nil, nil, 0, 0},
	} {
		s := epochs(c.losses, c.seconds)
		best, ok := s.Best()
		if best.Epoch != c.best || ok != (c.best > 0) || s.Time() != c.time {
			t.Errorf("%v: best %d, %v, time %v", c.losses, best.Epoch, ok, s.Time())
		}
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	for _, path := range []string{
		"b/run.json", "a/run.json", "b/below/run.json", "sweeps/study/act=x,seed=1/run.json", "sweeps/study/sweep.json",
		".hidden/run.json", "empty/x", "run-001/state.safetensors", "1/2/3/4/run.json", "1/2/3/4b/5/run.json",
	} {
		write(t, filepath.Join(root, path), "")
	}
	got, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i], _ = filepath.Rel(root, got[i])
		got[i] = filepath.ToSlash(got[i])
	}
	if want := []string{"1/2/3/4", "a", "b", "sweeps/study/act=x,seed=1"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if got, err := Find(filepath.Join(root, "b")); err != nil || !slices.Equal(got, []string{filepath.Join(root, "b")}) {
		t.Errorf("a run itself: %q, %v", got, err)
	}
	if _, err := Find(filepath.Join(root, "nowhere")); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
}

// Links are followed to runs, and not in circles.
func TestFindFollowsLinksToRuns(t *testing.T) {
	root, other := t.TempDir(), t.TempDir()
	write(t, filepath.Join(other, "run.json"), "")
	for name, to := range map[string]string{"linked": other, "circle": root, "gone": filepath.Join(root, "gone")} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Skip(err) // Windows, where links need a right
		}
	}
	if got, err := Find(root); err != nil || !slices.Equal(got, []string{filepath.Join(root, "linked")}) {
		t.Errorf("found %q, %v", got, err)
	}
}

func TestSettingsByName(t *testing.T) {
	var names []string
	for name, value := range settings().All() {
		names = append(names, name)
		if name == "lr" && value != any(0.01) {
			t.Errorf("lr is %v", value)
		}
	}
	if n := reflect.TypeFor[Settings]().NumField(); len(names) != n || names[0] != "gonn" || !slices.Contains(names, "nesterov") {
		t.Errorf("%d names %q of %d settings", len(names), names, n)
	}
	for _, name := range incidental {
		if !slices.Contains(names, name) {
			t.Errorf("there is no setting %q", name)
		}
	}
	for range settings().All() {
		break
	}
}
