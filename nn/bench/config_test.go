package bench

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestZeroConfigHasDefaults(t *testing.T) {
	c, err := Config{}.WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	if c.Batch != TrainBatch || !slices.Equal(c.Batches, Batches) || !slices.Equal(c.Workers, Scale()) || c.Seconds != 1 {
		t.Errorf("defaults are %+v", c)
	}
	if n := (Config{}).NeedsSamples(); n != 128 {
		t.Errorf("it needs %d samples", n)
	}
	rows, err := Train(study(t, "relu", 128), Config{Workers: []int{1}, Seconds: 1e-9})
	if err != nil || len(rows) != 1 || rows[0].Batch != TrainBatch {
		t.Errorf("rows %+v, error %v", rows, err)
	}
}

func TestWrongConfigsAndSubjectsAreRefused(t *testing.T) {
	whole := study(t, "relu", 16)
	calls := map[string]func(Subject, Config) error{
		"Train":       func(s Subject, c Config) error { _, err := Train(s, c); return err },
		"Infer":       func(s Subject, c Config) error { _, err := Infer(s, c); return err },
		"TrainLayers": func(s Subject, c Config) error { _, err := TrainLayers(s, c); return err },
		"InferLayers": func(s Subject, c Config) error { _, err := InferLayers(s, c); return err },
	}
	refused := func(name, want string, s Subject, c Config) {
		t.Helper()
		if err := calls[name](s, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", name, err, want)
		}
	}
	for name := range calls {
		refused(name, "Config.Batch is -1", whole, Config{Batch: -1})
		refused(name, "Config.Batches are [16 0]", whole, Config{Batches: []int{16, 0}})
		refused(name, "Config.Workers are [0]", whole, Config{Workers: []int{0}})
		refused(name, "Config.Seconds is NaN", whole, Config{Seconds: math.NaN()})
		refused(name, "bench: ", Subject{}, Config{})
	}
	for _, name := range []string{"Train", "TrainLayers"} {
		refused(name, "Subject.Fit is nil", Subject{}, Config{})
		refused(name, "Subject.Loss is nil", Subject{Fit: whole.Fit}, Config{})
		refused(name, "Subject.Data has no samples", Subject{Fit: whole.Fit, Loss: whole.Loss}, Config{})
	}
	refused("Infer", "Subject.Net and Forward are nil", Subject{}, Config{})
	refused("Infer", "Subject.Data is nil", Subject{Net: whole.Net}, Config{})
	refused("InferLayers", "Subject.Net is nil", Subject{Forward: func(int) (func() error, error) { return nil, nil }}, Config{})
}
