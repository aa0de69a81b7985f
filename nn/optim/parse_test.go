package optim

import (
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestSchedulesAreSpelled(t *testing.T) {
	for spelled, want := range map[string]struct {
		schedule Schedule
		full     string // as it spells itself, with its defaults
	}{
		"constant":                            {Constant{}, "constant"},
		"step:10":                             {StepDecay{Span{Epochs: 10}, 0.1}, "step:10:0.1"},
		"step:500steps:0.5":                   {StepDecay{Span{Steps: 500}, 0.5}, "step:500steps:0.5"},
		"multistep:30,60":                     {MultiStep{[]Span{{Epochs: 30}, {Epochs: 60}}, 0.1}, "multistep:30,60:0.1"},
		"multistep:3,900steps:0.2":            {MultiStep{[]Span{{Epochs: 3}, {Steps: 900}}, 0.2}, "multistep:3,900steps:0.2"},
		"exponential:0.9":                     {Exponential{0.9, Span{Epochs: 1}}, "exponential:0.9:1"},
		"by-epoch:exponential:0.9:2":          {ByEpoch{Exponential{0.9, Span{Epochs: 2}}}, "by-epoch:exponential:0.9:2"},
		"cosine":                              {Cosine{0, Span{Epochs: 7}}, "cosine:0:7"},
		"cosine:1e-5":                         {Cosine{1e-5, Span{Epochs: 7}}, "cosine:1e-05:7"},
		"cosine:0:900steps":                   {Cosine{0, Span{Steps: 900}}, "cosine:0:900steps"},
		"onecycle":                            {OneCycle{0.3, 25, 1e4, Span{Epochs: 7}}, "onecycle:0.3:25:10000:7"},
		"onecycle:0.2:10:0.1":                 {OneCycle{0.2, 10, 0.1, Span{Epochs: 7}}, "onecycle:0.2:10:0.1:7"},
		"onecycle:0.3:49:0.02040816326530612": {OneCycle{0.3, 49, 1.0 / 49, Span{Epochs: 7}}, "onecycle:0.3:49:0.02040816326530612:7"},
		"onecycle:0.2:10:100:900steps":        {OneCycle{0.2, 10, 100, Span{Steps: 900}}, "onecycle:0.2:10:100:900steps"},
		"plateau":                             {&Plateau{Semantics: nn.Keras, Factor: 0.1, Patience: 10}, "plateau:0.1:10:0:0"},
		"plateau:0.5:3:2:0.001":               {&Plateau{Semantics: nn.Keras, Factor: 0.5, Patience: 3, Cooldown: 2, Min: 1e-3}, "plateau:0.5:3:2:0.001"},
		"by-epoch:multistep:100steps:.5":      {ByEpoch{MultiStep{[]Span{{Steps: 100}}, 0.5}}, "by-epoch:multistep:100steps:0.5"},
	} {
		got, err := ParseSchedule(spelled, nn.Keras, 7)
		if err != nil || !reflect.DeepEqual(got, want.schedule) {
			t.Errorf("%s: got %#v and error %v, want %#v", spelled, got, err, want.schedule)
			continue
		}
		if got.String() != want.full {
			t.Errorf("%s spells itself %s, want %s", spelled, got, want.full)
		}
		if again, err := ParseSchedule(got.String(), nn.Keras, 99); err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%s read back is %#v, error %v", got, again, err)
		}
	}
}

func TestWarmupsAreSpelled(t *testing.T) {
	for spelled, want := range map[string]Warmup{
		"500steps": {Span{Steps: 500}, 0, Constant{}},
		"2:0.1":    {Span{Epochs: 2}, 0.1, Constant{}},
	} {
		if got, err := ParseWarmup(spelled, Constant{}); err != nil || got != Schedule(want) {
			t.Errorf("%s: got %#v and error %v, want %#v", spelled, got, err, want)
		}
	}
	if got := (Warmup{Span{Steps: 500}, 0.1, Cosine{}}).String(); got != "cosine:0 after a warm-up over 500steps:0.1" {
		t.Errorf("got %q", got)
	}
}

func TestWrongSpellingsAreRefused(t *testing.T) {
	for spelled, want := range map[string]string{
		"triangle":              `unknown schedule "triangle": choose one of constant, step, multistep, exponential, cosine, onecycle, plateau`,
		"":                      `unknown schedule ""`,
		"by-epoch:triangle":     `unknown schedule "triangle"`,
		"step":                  `schedule "step": EVERY is missing; it is spelled step:EVERY[:FACTOR]`,
		"step:0":                `EVERY is "0", need a number of epochs, or of steps as in 500steps`,
		"step:-1":               `EVERY is "-1"`,
		"step:1.5":              `EVERY is "1.5"`,
		"step:x":                `EVERY is "x"`,
		"step:steps":            `EVERY is "steps"`,
		"step:9999999999":       `EVERY is "9999999999"`,
		"step:1:0":              `FACTOR is "0", need a factor between 0 and 1`,
		"step:1:1":              `FACTOR is "1"`,
		"step:1:nan":            `FACTOR is "nan"`,
		"step:1:0.1:2":          `"2" is too much`,
		"constant:1":            `"1" is too much; it is spelled constant`,
		"multistep":             "AT is missing",
		"multistep:":            `AT is ""`,
		"multistep:1,,2":        `AT is ""`,
		"exponential":           "FACTOR is missing",
		"exponential:2":         `FACTOR is "2"`,
		"cosine:-1":             `MIN is "-1", need a learning rate from 0 on`,
		"cosine:inf":            `MIN is "inf"`,
		"cosine:0:0steps":       `UNTIL is "0steps"`,
		"onecycle:1.5":          `UP is "1.5", need a share from 0 to 1`,
		"onecycle:0.3:0":        `DIV is "0", need a number from 1 on`,
		"onecycle:0.3:0.5":      `DIV is "0.5", need a number from 1 on: the rate begins at lr/DIV`,
		"onecycle:0.3:1:-1":     `FINAL is "-1"`,
		"onecycle:0.3:25:1e-4":  `FINAL is "1e-4", need a number from 1/DIV on: the rate ends at lr/DIV/FINAL`,
		"plateau:0.1:-1":        `PATIENCE is "-1", need a number of epochs`,
		"plateau:0.1:1.5":       `PATIENCE is "1.5"`,
		"plateau:0.1:1:1e99":    `COOLDOWN is "1e99"`,
		"plateau:0.1:1:1:1:1":   `"1" is too much`,
		"plateau:2:-1":          `FACTOR is "2"`,
		"by-epoch:step":         "EVERY is missing",
		"plateau:0.1:1:nan:0.1": `COOLDOWN is "nan"`,
	} {
		got, err := ParseSchedule(spelled, nn.PyTorch, 5)
		if got != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v and error %v, want %q", spelled, got, err, want)
		}
	}
	for spelled, want := range map[string]string{
		"":       `warm-up "": SPAN is "", need a number of epochs`,
		"0":      `SPAN is "0"`,
		"1:2":    `FROM is "2", need a share from 0 to 1; it is spelled SPAN[:FROM]`,
		"1:0:0":  `"0" is too much`,
		"cosine": `SPAN is "cosine"`,
	} {
		got, err := ParseWarmup(spelled, Constant{})
		if got != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("warm-up %q: got %v and error %v, want %q", spelled, got, err, want)
		}
	}
}
