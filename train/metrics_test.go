package train

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

func TestEpochMetricsAsJSON(t *testing.T) {
	m := EpochMetrics{3, []Value{{"loss", 0.1}, {"lr", 1e-30}, {"grad_norm/a\"b\n.weight", math.Inf(1)}, {"x", math.Inf(-1)}, {"accuracy", 1}}}
	const want = `{"epoch":3,"loss":0.1,"lr":1e-30,"grad_norm/a\"b\n.weight":"Infinity","x":"-Infinity","accuracy":1}`
	text, err := json.Marshal(m)
	if err != nil || string(text) != want {
		t.Errorf("got %s and error %v, want %s", text, err, want)
	}
	var got EpochMetrics
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("got %v and error %v, want %v", got, err, m)
	}
	if err := json.Unmarshal([]byte(`{"loss":"NaN","epoch":2,"validated":true}`), &got); err != nil || got.Epoch != 2 || len(got.Values) != 1 || !math.IsNaN(got.Loss()) {
		t.Errorf("got %v and error %v, want a loss of NaN in epoch 2", got, err)
	}
	for text, want := range map[string]string{
		`{}`:                            "without its number",
		`[]`:                            "an epoch is [], need an object",
		`{"epoch":1,"epoch":2}`:         "its number twice",
		`{"epoch":1.5}`:                 "epoch is 1.5, need a whole number",
		`{"epoch":-1}`:                  "epoch is -1, need a whole number",
		`{"epoch":1,"loss":null}`:       `"loss" is null, need a number`,
		`{"epoch":1,"loss":"nan"}`:      `"loss" is "nan", need a number`,
		`{"epoch":1,"loss":{"a":1}}`:    `"loss" is {"a":1}, need a number`,
		`{"epoch":1,"loss":1e999}`:      `"loss" is 1e999, need a number`,
		`{"epoch":1,"a":1,"b":2,"a":3}`: `"a" is there twice`,
	} {
		if err := json.Unmarshal([]byte(text), &got); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

// Callbacks add values to an epoch, which those after them see.
func TestLog(t *testing.T) {
	for _, c := range []struct {
		callback watcher
		want     string
	}{
		{watcher{epochEnd: func(s *State) error { s.Log("a", 1); s.Log("b", 2); return nil }}, ""},
		{watcher{epochEnd: func(s *State) error { s.Log("loss", 1); return nil }}, `epoch 1: the metric "loss" is recorded twice`},
		{watcher{epochEnd: func(s *State) error { s.Log("epoch", 1); return nil }}, `cannot have the name "epoch"`},
		{watcher{batchEnd: func(s *State) error { s.Log("a", 1); return nil }}, `epoch 1: step 1: the metric "a" is recorded outside EpochEnd`},
		{watcher{trainEnd: func(s *State) error { s.Log("a", 1); return nil }}, `the metric "a" is recorded outside EpochEnd`},
	} {
		net := toy.Network(1)
		cfg := config(net)
		cfg.Epochs = 2
		var names []string
		seen := &watcher{epochEnd: func(s *State) error {
			for _, v := range s.Last().Values {
				names = append(names, v.Name)
			}
			return nil
		}}
		cfg.Callbacks = []Callback{&c.callback, seen}
		h, err := Fit(net, toy.Samples(100, 1), cfg)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			continue
		}
		if got := strings.Join(names[:len(names)/2], " "); err != nil || got != "loss accuracy lr seconds samples_per_s a b" {
			t.Errorf("the epochs have %s, error %v", got, err)
		}
		if v, ok := h.Epochs[1].Get("b"); v != 2 || !ok {
			t.Errorf("the history has %v", h.Epochs)
		}
	}
}
