package loss_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestParse(t *testing.T) {
	for spelled, probabilities := range map[string]bool{
		"cross-entropy": false, "cross-entropy:0.1": false, "cross-entropy:1": false, "bce-logits": false,
		"mse": true, "bce": true, "huber": true, "huber:0.5": true,
	} {
		for _, s := range []op.Semantics{op.PyTorch, op.Keras} {
			l, err := loss.Parse(spelled, s)
			if err != nil || l.Name() != spelled {
				t.Errorf("%s in %v gives %v, %v", spelled, s, l, err)
				continue
			}
			if l.Probabilities() != probabilities {
				t.Errorf("%s is on the wrong kind of output", spelled)
			}
			if l.Weight(loss.ClassTargets(0), 0) != 1 {
				t.Errorf("%s weighs samples", spelled)
			}
		}
	}
	for _, spelled := range []string{"bce-logits:3", "bce-logits:1,0.5,2"} {
		if l, err := loss.Parse(spelled, op.PyTorch); err != nil || l.Name() != spelled {
			t.Errorf("%s gives %v, %v", spelled, l, err)
		}
	}
	if l, _ := loss.Parse("bce", op.Keras); l != (loss.BCE{Semantics: op.Keras}) {
		t.Errorf("bce in Keras is %+v", l)
	}
	if l, err := loss.Parse("cross-entropy:0", op.Keras); err != nil || l.Name() != "cross-entropy" {
		t.Errorf("smoothing of 0 is %+v, %v", l, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for spelled, words := range map[string][]string{
		"hinge":             {`unknown loss "hinge"`, "cross-entropy, mse, bce, bce-logits, huber"},
		"":                  {`unknown loss ""`},
		"mse:1":             {`loss "mse:1": it takes no argument`},
		"bce:":              {`"" is not a finite number`},
		"cross-entropy:-1":  {"from 0 to 1, got -1"},
		"cross-entropy:1.5": {"from 0 to 1, got 1.5"},
		"cross-entropy:0,1": {"one number from 0 to 1, got 0,1"},
		"cross-entropy:NaN": {`"NaN" is not a finite number`},
		"huber:0":           {"above 0, got 0"},
		"huber:1,2":         {"one number above 0, got 1,2"},
		"huber:Inf":         {`"Inf" is not a finite number`},
		"bce-logits:1,-2":   {"0 or more, got 1,-2"},
		"bce-logits:x":      {`"x" is not a finite number`},
	} {
		l, err := loss.Parse(spelled, op.PyTorch)
		wantError(t, err, words...)
		if l != nil {
			t.Errorf("%s: both a loss and an error", spelled)
		}
	}
	_, err := loss.Parse("bce-logits:3", op.Keras)
	wantError(t, err, `loss "bce-logits:3"`, "Keras's BinaryCrossentropy has no weight", "class weights")
}

// Every row of the table parses by its name, and gives a formula for the help.
func TestTheTableOfLossesIsWhole(t *testing.T) {
	for _, f := range loss.Forms {
		if l, err := loss.Parse(f.Name, op.Keras); err != nil || l.Name() != f.Name || f.Formula == "" {
			t.Errorf("%+v: %v, %v", f, l, err)
		}
	}
}
