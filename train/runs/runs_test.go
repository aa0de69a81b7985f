package runs_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/runs"
)

// begin makes a run that has been trained for a number of its epochs.
func begin(t *testing.T, dir string, epochs int, change func(*run.Settings)) *run.Session {
	t.Helper()
	set := run.Settings{
		Act: "prelu", Data: "toy", DataSHA256: "x", Init: "keras", Kink: "keras", Loss: "cross-entropy", Semantics: "keras",
		Optimizer: "adam", LR: 0.01, Batch: 32, Seed: 5, Epochs: epochs,
	}
	change(&set)
	s, err := run.Create(dir, set, toy.Network(set.Seed))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	cfg := s.Config()
	cfg.Epochs = epochs
	if _, err := train.Fit(s.Network, toy.Samples(40, 1), cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

// folder has runs in all states but imported.
func folder(t *testing.T) *runs.List {
	t.Helper()
	root := t.TempDir()
	finish := func(s *run.Session, loss float64, best *run.EpochResult) {
		t.Helper()
		r := run.Result{Test: run.Score{Samples: 9, Loss: loss, Accuracy: 0.5}, Best: best}
		if err := errors.Join(s.Finish(r), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	finish(begin(t, filepath.Join(root, "b"), 2, func(s *run.Settings) {}), 0.25, nil)
	finish(begin(t, filepath.Join(root, "sweep", "a"), 1, func(s *run.Settings) { s.Act, s.LR, s.Workers, s.Metrics = "prelu:element", 0.02, 1, "dead" }), 2,
		&run.EpochResult{Epoch: 1, Test: run.Score{Loss: 0.125}})
	s := begin(t, filepath.Join(root, "c"), 1, func(s *run.Settings) { s.Act, s.Epochs, s.Loss = "mish", 10, "cross-entropy:0.1" })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	begin(t, filepath.Join(root, "d"), 3, func(s *run.Settings) { s.Act, s.Epochs, s.Seed = "relu", 10, 1<<63 })
	broken := filepath.Join(root, "a-broken")
	if err := errors.Join(os.Mkdir(broken, 0o777), os.WriteFile(filepath.Join(broken, "run.json"), []byte("{"), 0o666)); err != nil {
		t.Fatal(err)
	}
	return open(t, root)
}

func open(t *testing.T, root string) *runs.List {
	t.Helper()
	l, err := runs.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func names(l *runs.List) string {
	var names []string
	for _, r := range l.Runs {
		names = append(names, r.Name)
	}
	return strings.Join(names, " ")
}

func TestValuesOfRuns(t *testing.T) {
	l := folder(t)
	byName := map[string]*runs.Run{}
	for _, r := range l.Runs {
		byName[r.Name] = r
	}
	for _, c := range []struct{ run, name, want string }{
		{"b", "run", "b"}, {"b", "state", "finished"}, {"c", "state", "stopped"}, {"d", "state", "training"}, {"a-broken", "state", "unreadable"},
		{"b", "epochs", "2/2"}, {"d", "epochs", "3/10"}, {"d", "epochs_asked", "10"}, {"a-broken", "epochs", "none"},
		{"b", "act", "prelu"}, {"sweep/a", "lr", "0.02"}, {"sweep/a", "last_lr", "0.02"}, {"d", "seed", "9223372036854775808"},
		{"b", "nesterov", "false"}, {"b", "augment", ""}, {"c", "loss_name", "cross-entropy:0.1"},
		{"b", "test_loss", "0.2500"}, {"b", "test_acc", "0.5000"}, {"b", "test_accuracy", "0.5000"}, {"b", "test_samples", "9"}, {"c", "test_loss", "none"},
		{"sweep/a", "best_test_loss", "0.1250"}, {"b", "best_test_loss", "none"}, {"b", "val_loss", "none"}, {"b", "nothing", "none"},
	} {
		v, ok := byName[c.run].Get(c.name)
		if got := v.Text; got != c.want || !ok {
			if ok || c.want != "none" {
				t.Errorf("%s of %s is %q, %v; want %q", c.name, c.run, got, ok, c.want)
			}
		}
	}
	d := byName["d"]
	last := d.Metrics[2]
	for name, want := range map[string]float64{"loss": last.Loss(), "acc": last.Accuracy(), "epochs": 3, "time": d.Time().Seconds(), "seconds": last.Seconds()} {
		if v, ok := d.Get(name); !ok || !v.IsNumber || v.Number != want {
			t.Errorf("%s is %+v, want %v", name, v, want)
		}
	}
	if v, _ := d.Get("started"); v.Text != d.Sessions[0].Started.Format(time.RFC3339) || v.IsNumber {
		t.Errorf("started %+v", v)
	}
	if err := byName["a-broken"].Err; err == nil || !strings.Contains(err.Error(), filepath.Join("a-broken", "run.json")) {
		t.Errorf("error %v", err)
	}
}

// Settings that differ are named once, in whatever spelling, and none that changes no result.
func TestDiffering(t *testing.T) {
	l := folder(t)
	if got := strings.Join(l.Differing(), " "); got != "act loss_name lr seed" {
		t.Errorf("differing: %s", got)
	}
	l.Runs = slices.DeleteFunc(l.Runs, func(r *runs.Run) bool { return r.Name != "b" && r.Name != "sweep/a" })
	if got := strings.Join(l.Differing(), " "); got != "lr" {
		t.Errorf("prelu and prelu:element: %s", got)
	}
	l.Runs = nil
	if got := l.Differing(); got != nil {
		t.Errorf("of no runs: %s", got)
	}
}

func TestFilters(t *testing.T) {
	l := folder(t)
	all := l.Runs
	for _, c := range []struct{ filters, want string }{
		{"act=prelu", "b sweep/a"}, {"act=prelu:element", "b sweep/a"}, {"act==mish", "c"}, {"act!=prelu", "c d a-broken"},
		{"epochs>1", "b d"}, {"epochs >= 2", "b d"}, {"epochs<2", "sweep/a c"}, {"epochs<=2", "b sweep/a c"}, {"epochs_asked=10", "c d"},
		{"lr=1e-2", "b c d"}, {"test_loss<=2", "b sweep/a"}, {"test_loss!=2", "b c d a-broken"}, {"best_test_loss<1", "sweep/a"},
		{"state=unreadable", "a-broken"}, {"augment=", "b sweep/a c d"}, {"nesterov=false", "b sweep/a c d"}, {"run>b", "sweep/a c d"},
		{"epochs>1,state=finished", "b"}, {"act=nothing", ""}, {"act=nothing,test_loss<1", ""},
	} {
		var filters []runs.Filter
		for text := range strings.SplitSeq(c.filters, ",") {
			f, err := runs.ParseFilter(text)
			if err != nil {
				t.Fatal(err)
			}
			filters = append(filters, f)
		}
		l.Runs = slices.Clone(all)
		if err := l.Keep(filters...); err != nil {
			t.Errorf("%s: %v", c.filters, err)
		}
		if got := strings.Fields(names(l)); !sameSet(got, strings.Fields(c.want)) {
			t.Errorf("%s: %q, want %q", c.filters, got, c.want)
		}
	}
	l.Runs = slices.Clone(all)
	unknown := new(runs.UnknownError)
	if err := l.Keep(runs.Filter{Name: "tset_loss", Op: "<", Value: "1"}); !errors.As(err, &unknown) || !slices.Contains(unknown.Known, "test_loss") {
		t.Errorf("error %v", err)
	}
	for _, value := range []string{"many", "NaN"} {
		err := l.Keep(runs.Filter{Name: "epochs", Op: ">", Value: value})
		if want := fmt.Sprintf("epochs>%s: %q is not a number", value, value); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if len(l.Runs) != len(all) {
		t.Error("after an error runs are gone")
	}
	for _, text := range []string{"", "act", "=prelu", " = 1", "act!prelu", "act~prelu"} {
		if f, err := runs.ParseFilter(text); err == nil {
			t.Errorf("%q is read as %+v", text, f)
		}
	}
}

func sameSet(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestSort(t *testing.T) {
	l := folder(t)
	if last := l.Runs[len(l.Runs)-1]; last.Name != "a-broken" {
		t.Errorf("the last of %s is readable", names(l))
	}
	for _, c := range []struct{ by, want string }{
		{"run", "a-broken b c d sweep/a"}, {"-run", "sweep/a d c b a-broken"}, {"epochs", "c sweep/a b d a-broken"}, {"-epochs", "d b c sweep/a a-broken"},
		{"test_loss", "b sweep/a a-broken c d"}, {"-test_loss", "sweep/a b a-broken c d"}, {"-lr", "sweep/a b c d a-broken"},
	} {
		if err := errors.Join(l.Sort("run"), l.Sort(c.by)); err != nil { // first into an order that is known
			t.Fatal(err)
		}
		if got := names(l); got != c.want {
			t.Errorf("by %s: %s, want %s", c.by, got, c.want)
		}
	}
	if err := l.Sort("-tset_loss"); !errors.As(err, new(*runs.UnknownError)) {
		t.Errorf("error %v", err)
	}
}

func TestShortNames(t *testing.T) {
	for short, long := range map[string]string{
		"acc": "accuracy", "val_acc": "val_accuracy", "best_test_acc": "best_test_accuracy",
		"loss": "loss", "act": "act", "inaccuracy": "inaccuracy",
	} {
		if runs.Long(short) != long || runs.Long(long) != long || runs.Short(long) != short || runs.Short(short) != short {
			t.Errorf("%s and %s: %s, %s", short, long, runs.Long(short), runs.Short(long))
		}
	}
}

func TestAFolderWithoutRuns(t *testing.T) {
	l := open(t, t.TempDir())
	if len(l.Runs) != 0 || l.Names() != nil {
		t.Errorf("%+v", l)
	}
	if err := errors.Join(l.Sort("anything"), l.Keep(runs.Filter{Name: "anything", Op: "=", Value: "1"})); err != nil {
		t.Error(err)
	}
}
