package run

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train"
)

// updates are runs of every optimizer, kind of clipping and kind of schedule.
var updates = []func(*Settings){
	func(s *Settings) {
		s.Optimizer, s.WeightDecay, s.Schedule, s.Warmup, s.ClipNorm = "adamw", 0.1, "cosine:0.001", "5steps:0.1", 0.5
	},
	func(s *Settings) {
		s.Optimizer, s.Momentum, s.Centered, s.Schedule, s.Semantics = "rmsprop", 0.5, true, "onecycle", "pytorch"
	},
	func(s *Settings) {
		s.Optimizer, s.LR, s.Schedule, s.ClipValue = "adagrad", 0.1, "by-epoch:exponential:0.5", 0.01
	},
	func(s *Settings) {
		s.Optimizer, s.LR, s.Momentum, s.WeightDecay, s.DecayAll, s.Schedule = "sgd", 0.05, 0.9, 0.01, true, "multistep:1,6steps"
		s.Semantics = "pytorch"
	},
	func(s *Settings) {
		s.LR, s.Schedule, s.Warmup, s.ClipNorm, s.ClipEach, s.Epochs = 1, "plateau:0.5:1", "2", 0.3, true, 6
	},
	func(s *Settings) { s.LR, s.Schedule, s.Semantics, s.Epochs = 1, "plateau:0.5:0", "pytorch", 6 },
}

func TestEveryUpdateResumesToTheSameBytes(t *testing.T) {
	root := t.TempDir()
	rng := rand.New(rand.NewPCG(5, 6))
	for i, change := range updates {
		set := settings()
		change(&set)
		whole := filepath.Join(root, fmt.Sprint(i))
		mustFit(t, create(t, whole, set))
		want := files(t, whole)
		for try := range 3 {
			set.Workers = 1 + try%3
			dir := filepath.Join(root, fmt.Sprintf("%d-%d", i, try))
			first := 1 + rng.IntN(4*set.Epochs-2) // an epoch has 4 steps
			second := 1 + rng.IntN(4*set.Epochs-first)
			mustFit(t, create(t, dir, set), &stopAfter{steps: first})
			mustFit(t, goOn(t, dir, nil), &stopAfter{steps: second})
			mustFit(t, goOn(t, dir, nil))
			for _, name := range []string{stateFile, modelFile} {
				if files(t, dir)[name] != want[name] {
					t.Errorf("%+v, stopped after %d and %d steps: %s differs from that of a run in one go", set, first, second, name)
				}
			}
		}
	}
}

// What a plateau remembers changes at the end of epochs: a stop in each shows that all of
// it is saved.
func TestPlateausResumeFromEveryEpoch(t *testing.T) {
	root := t.TempDir()
	for semantics, schedule := range map[string]string{"pytorch": "plateau:0.5:1:2", "keras": "plateau:0.5:2:2"} {
		set := settings()
		set.Patience, set.Epochs, set.LR, set.Semantics, set.Schedule = 0, 9, 1, semantics, schedule
		whole := filepath.Join(root, semantics)
		s := create(t, whole, set)
		var waited, cooled bool
		mustFit(t, s, &atEpochEnd{f: func(*train.State) {
			p := optim.PlateauOf(s.schedule)
			waited, cooled = waited || p.Waited > 0, cooled || p.Cooling > 0
		}})
		if !waited || !cooled {
			t.Fatalf("%s: waited %v, cooled down %v: the test shows nothing", semantics, waited, cooled)
		}
		for epoch := range set.Epochs {
			dir := fmt.Sprintf("%s-%d", whole, epoch)
			mustFit(t, create(t, dir, set), &stopAfter{steps: 4*epoch + 2})
			mustFit(t, goOn(t, dir, nil))
			if files(t, dir)[stateFile] != files(t, whole)[stateFile] {
				t.Errorf("%s: stopped in epoch %d, the state differs", semantics, epoch+1)
			}
		}
	}
}

// watchRate remembers the rate of each step.
type watchRate struct {
	train.Base
	rates []float64
}

func (c *watchRate) BatchEnd(s *train.State) error {
	c.rates = append(c.rates, s.Optimizer.LR())
	return nil
}

func TestPlateauLowersTheRateOfARun(t *testing.T) {
	for _, change := range updates[len(updates)-2:] {
		set := settings()
		change(&set)
		w := &watchRate{}
		mustFit(t, create(t, filepath.Join(t.TempDir(), "run"), set), w)
		if last := w.rates[len(w.rates)-1]; !(last < 1) {
			t.Errorf("%s: the last rate is %v: the test of resuming shows nothing", set.Schedule, last)
		}
	}
}

func TestDefaultsAndTheEndOfAScheduleAreRecorded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Optimizer, set.LR, set.Schedule = "adamw", 0, "cosine:0.0001"
	mustFit(t, create(t, dir, set))
	w := &watchRate{}
	mustFit(t, goOn(t, dir, func(s *Settings) error { s.Epochs = 4; return nil }), w)
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Settings; s.LR != 0.001 || s.WeightDecay != 0.004 || s.Schedule != "cosine:0.0001:3" || s.Rate() != "0.001 (cosine:0.0001:3)" {
		t.Errorf("recorded %+v", s)
	}
	for _, rate := range w.rates {
		if rate != 0.0001 {
			t.Errorf("after its end the schedule has rates %v, want 0.0001", w.rates)
		}
	}
	im, err := onnxio.Load(filepath.Join(dir, modelFile))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"optimizer": "adamw", "weight_decay": "0.004", "schedule": "cosine:0.0001:3"} {
		if im.Metadata[key] != want {
			t.Errorf("model.onnx has %s %q, want %q", key, im.Metadata[key], want)
		}
	}
}

// A constant rate is no schedule, so that equal trainings have equal files.
func TestAConstantRateIsNoSchedule(t *testing.T) {
	root := t.TempDir()
	a, b := filepath.Join(root, "a"), filepath.Join(root, "b")
	mustFit(t, create(t, a, settings()))
	set := settings()
	set.Schedule = "constant"
	mustFit(t, create(t, b, set))
	one, two := files(t, a), files(t, b)
	if !maps.Equal(map[string]string{"s": one[stateFile], "m": one[modelFile]}, map[string]string{"s": two[stateFile], "m": two[modelFile]}) {
		t.Error("the files differ")
	}
	if strings.Contains(one[stateFile], "plateau") {
		t.Error("the state tells of a plateau that is not there")
	}
}

func TestCheckUpdateFindsWhatIsWrong(t *testing.T) {
	for want, change := range map[string]func(*Settings){
		`unknown semantics "jax"`:           func(s *Settings) { s.Semantics = "jax" },
		`unknown optimizer "lion"`:          func(s *Settings) { s.Optimizer = "lion" },
		"adam has no momentum":              func(s *Settings) { s.Momentum = 0.9 },
		"clipping gradients by norm":        func(s *Settings) { s.ClipNorm = -1 },
		`schedule "step": EVERY is missing`: func(s *Settings) { s.Schedule = "step" },
		`warm-up "x": SPAN is "x"`:          func(s *Settings) { s.Warmup = "x" },
	} {
		set := settings()
		if err := set.CheckUpdate(); err != nil {
			t.Fatal(err)
		}
		change(&set)
		if err := set.CheckUpdate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}

func TestRateTellsOfScheduleAndWarmup(t *testing.T) {
	for want, s := range map[string]Settings{
		"0.01":                                   {LR: 0.01},
		"0.01 (step:2:5)":                        {LR: 0.01, Schedule: "step:2:5"},
		"0.01 (step:2:5 after a warm-up over 1)": {LR: 0.01, Schedule: "step:2:5", Warmup: "1"},
		"0.01 (after a warm-up over 500steps:.1)": {LR: 0.01, Warmup: "500steps:.1"},
	} {
		if got := s.Rate(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestScheduleThatEndsBeforeTheTrainingGetsANote(t *testing.T) {
	for _, c := range []struct{ schedule, warmup, want string }{
		{"", "", ""},
		{"cosine", "", ""},
		{"cosine:0:3", "1", ""},
		{"cosine:0:9steps", "", "schedule cosine:0:9steps ends after 9 of 12 steps (4 an epoch): the learning rate is 0 from there on"},
		{"cosine:0:2", "3steps", "schedule cosine:0:2 ends after 8 of 12 steps (4 an epoch): the learning rate is 0 "},
		{"by-epoch:cosine:0.001:2", "", "the learning rate stays at 0.001 from there on"},
		{"onecycle:0.3:25:1e4:1", "", "ends after 4 of 12 steps (4 an epoch): the learning rate stays at 4e-08 from there on"},
		{"cosine:0.0005:1", "2", "ends after 4 of 12 steps (4 an epoch): the learning rate is 0.0005 at the end"},
		{"plateau", "", ""},
		{"step:1", "", ""},
	} {
		s := settings() // three epochs
		s.Schedule, s.Warmup = c.schedule, c.warmup
		before := s
		got, err := s.ScheduleNote(100)
		if err != nil || !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s after %q: note %q and error %v, want %q", c.schedule, c.warmup, got, err, c.want)
		}
		if s.Schedule != before.Schedule || s.LR != before.LR {
			t.Errorf("%s: the settings changed to %+v", c.schedule, s)
		}
	}
	s := settings()
	s.Schedule = "triangle"
	if _, err := s.ScheduleNote(100); err == nil {
		t.Error("no error of an unknown schedule")
	}
}
