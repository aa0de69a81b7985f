package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
)

// evaluated is what eval --json prints.
func evaluated(t *testing.T, args ...string) (r report.Eval) {
	t.Helper()
	if err := json.Unmarshal([]byte(mustRun(t, append([]string{"eval", "--json"}, args...)...)), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// A run remembers smoothing and weights: they are in its record as numbers, in what eval
// and its ONNX file say, and in what a resumed training does.
func TestARunKeepsItsLoss(t *testing.T) {
	t.Chdir(t.TempDir())
	asked := []string{"--act", "relu", "--loss", "cross-entropy:0.1", "--class-weights", "balanced", "--semantics", "pytorch"}
	mustRun(t, small(append(asked, "--run", "one", "--epochs", "2")...)...)
	mustRun(t, small(append(asked, "--run", "two", "--workers", "3")...)...)
	mustRun(t, "train", "--resume", "--run", "two", "--epochs", "2")
	sameRun(t, "one", "two")

	r, err := run.Open("one")
	if err != nil {
		t.Fatal(err)
	}
	w, err := loss.ParseClassWeights(r.Settings.ClassWeights)
	if err != nil || len(w) != 10 || w[0] == w[1] {
		t.Fatalf("recorded class weights %q: %v, %v", r.Settings.ClassWeights, w, err)
	}
	mustRun(t, "export", "model.onnx", "--run", "one")
	fromRun, fromFile := evaluated(t, "--run", "one", "--limit", "200"), evaluated(t, "model.onnx", "--limit", "200")
	if fromRun.LossName != "cross-entropy:0.1" || fromRun.Loss != fromFile.Loss {
		t.Errorf("run: %s %g, its file: %s %g", fromRun.LossName, fromRun.Loss, fromFile.LossName, fromFile.Loss)
	}
	if got := evaluated(t, "--run", "one", "--train-set", "--limit", "256"); got.Loss != r.Result.Train.Loss {
		t.Errorf("loss on the training set %g, the run's result says %g", got.Loss, r.Result.Train.Loss)
	}
	plain := evaluated(t, "--run", "one", "--limit", "200", "--loss", "cross-entropy")
	if plain.LossName != "cross-entropy" || plain.Loss == fromRun.Loss || plain.Accuracy != fromRun.Accuracy {
		t.Errorf("without smoothing: %+v", plain)
	}
	keras := evaluated(t, "--run", "one", "--limit", "200", "--semantics", "keras")
	if keras.Loss == fromRun.Loss {
		t.Error("the class weights of both frameworks give the same loss")
	}
	if _, stderr, code := gonn("train", "--resume", "--run", "one", "--class-weights", "balanced"); code != 2 || !strings.Contains(stderr, "--class-weights cannot be given with --resume") {
		t.Errorf("other weights: exit %d, %s", code, stderr)
	}
}

// Every loss trains from its name, and ends the network as it needs.
func TestEveryLossTrains(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, loss := range []string{"cross-entropy:0.2", "mse", "bce", "bce-logits", "huber:0.3"} {
		dir := strings.ReplaceAll(loss, ":", "-")
		out := mustRun(t, small("--act", "relu", "--loss", loss, "--class-weights", "1,1,1,1,1,1,2,1,1,1", "--run", dir)...)
		if logits := strings.HasPrefix(loss, "cross-entropy") || loss == "bce-logits"; strings.Contains(out, "sigmoid") == logits {
			t.Errorf("--loss %s ends wrongly:\n%s", loss, out)
		}
		if r := evaluated(t, "--run", dir, "--limit", "100"); r.LossName != loss || !(r.Loss > 0) {
			t.Errorf("--loss %s: %+v", loss, r)
		}
	}
	// Logits that are each a yes or no become probabilities by a sigmoid.
	if _, stderr, code := gonn("export", "s.onnx", "--run", "bce-logits", "--softmax"); code != 2 || !strings.Contains(stderr, "those of --sigmoid") {
		t.Errorf("softmax after bce-logits: exit %d, %s", code, stderr)
	}
	if _, stderr, code := gonn("export", "s.onnx", "--run", "cross-entropy-0.2", "--sigmoid"); code != 2 || !strings.Contains(stderr, "those of --softmax") {
		t.Errorf("sigmoid after cross-entropy: exit %d, %s", code, stderr)
	}
	if _, stderr, code := gonn("export", "s.onnx", "--run", "mse", "--sigmoid"); code != 2 || !strings.Contains(stderr, "probabilities already") {
		t.Errorf("a second sigmoid: exit %d, %s", code, stderr)
	}
	mustRun(t, "export", "s.onnx", "--run", "bce-logits", "--sigmoid")
	probabilities, logits := evaluated(t, "s.onnx", "--limit", "100"), evaluated(t, "--run", "bce-logits", "--limit", "100", "--loss", "bce-logits")
	if probabilities.LossName != "bce" || math.Abs(probabilities.Loss-logits.Loss) > 1e-6 || probabilities.Accuracy != logits.Accuracy {
		t.Errorf("with its sigmoid: %s %g, without: %s %g", probabilities.LossName, probabilities.Loss, logits.LossName, logits.Loss)
	}
}

func TestPredictTurnsLogitsIntoProbabilitiesAsTheLossDoes(t *testing.T) {
	picture := testdata(t, "digits", "7.png")
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "relu", "--loss", "bce-logits", "--run", "logits")...)
	mustRun(t, "export", "s.onnx", "--run", "logits", "--sigmoid")
	// One logit of a network of one output: 0, even odds.
	net, err := nn.Sequential(nn.Shape{1, 28, 28}, layer.Flatten{}, layer.Dense{Out: 1})
	if err != nil {
		t.Fatal(err)
	}
	writeNetwork(t, "one.onnx", net)
	ask := func(args ...string) []float32 {
		var p report.Predictions
		if err := json.Unmarshal([]byte(mustRun(t, append([]string{"predict", "--json"}, args...)...)), &p); err != nil {
			t.Fatal(err)
		}
		return p[0].Probabilities
	}
	logits, sigmoid := ask("--run", "logits", picture), ask("s.onnx", picture)
	for k := range sigmoid {
		if math.Abs(float64(logits[k]-sigmoid[k])) > 1e-6 {
			t.Errorf("class %d: %g without a sigmoid at the end, %g with it", k, logits[k], sigmoid[k])
		}
	}
	if got := ask("one.onnx", picture); !slices.Equal(got, []float32{0.5, 0.5}) {
		t.Errorf("one logit of 0: %v", got)
	}
}

func TestEvalShowsScores(t *testing.T) {
	t.Chdir(t.TempDir())
	mustRun(t, small("--act", "relu", "--run", "r")...)
	r := evaluated(t, "--run", "r", "--limit", "300")
	right, all := 0, 0
	for k, row := range r.Confusion {
		right += row[k]
		sum := 0
		for _, n := range row {
			sum += n
		}
		all += sum
		if c := r.Classes[k]; *c.Class != k || c.Support != sum || sum > 0 && c.Recall != float64(row[k])/float64(sum) {
			t.Errorf("class %d: %+v, its row %v", k, c, row)
		}
	}
	if all != r.Samples || r.Accuracy != float64(right)/float64(all) || r.Top5 == nil || *r.Top5 < r.Accuracy || r.Macro.Support != all {
		t.Errorf("%+v", r)
	}
	out := mustRun(t, "eval", "--run", "r", "--limit", "300")
	for _, s := range []string{"cross-entropy ", ", accuracy 0.", ", top-5 0.", "class ", "precision", "recall", "F1", "macro mean"} {
		if !strings.Contains(out, s) {
			t.Errorf("eval does not print %q:\n%s", s, out)
		}
	}
	if strings.Contains(out, "confusion") {
		t.Errorf("eval prints the confusion matrix unasked:\n%s", out)
	}
	matrix := strings.Split(mustRun(t, "eval", "--run", "r", "--limit", "300", "--confusion"), "\n")
	if got := len(matrix) - len(strings.Split(out, "\n")); got != 13 { // an empty line, its name, the classes
		t.Errorf("--confusion adds %d lines, want 13:\n%s", got-1, strings.Join(matrix, "\n"))
	}
}

// Losses and weights that do not fit are found before anything is made.
func TestWrongLosses(t *testing.T) {
	torch := testdata(t, "golden", "pytorch", "mish", "torchscript.onnx")
	t.Chdir(t.TempDir())
	for args, says := range map[string]string{
		"train --loss cross-entropy:2":                                                           `"cross-entropy:2": label smoothing is one number from 0 to 1`,
		"train --loss mse:1":                                                                     "takes no argument",
		"train --loss huber:0":                                                                   "above 0",
		"train --loss bce-logits:3":                                                              "Keras's BinaryCrossentropy has no weight",
		"train --loss bce-logits:1,2 --semantics pytorch --limit 50":                             "2 weights of positive targets for 10 outputs",
		"train --class-weights 1,x":                                                              `class weights: "x" is not a finite number`,
		"train --class-weights=":                                                                 "needs one weight a class",
		"train --class-weights 1,-1":                                                             "class weight -1 is not",
		"train --class-weights 1,2 --limit 50":                                                   "2 class weights for 10 classes",
		"train --class-weights balanced --limit 3":                                               "--class-weights balanced: ",
		"train --loss mse --class-weights balanced --semantics pytorch":                          "PyTorch has none for mse",
		"eval " + torch + " --data mnist-inverted --loss mse --limit 10":                         "is on probabilities, and",
		"eval " + torch + " --data mnist-inverted --loss hinge --limit 10":                       `unknown loss "hinge"`,
		"eval " + torch + " --data mnist-inverted --class-weights 1,2 --limit 10":                "2 class weights for 10 classes",
		"eval " + torch + " --data mnist-inverted --semantics tf --limit 10":                     "choose pytorch or keras",
		"eval " + torch + " --data mnist-inverted --class-weights balanced --limit 3 --loss bce": "--class-weights balanced: ",
	} {
		out, stderr, code := gonn(strings.Fields(args)...)
		if code != 2 || !strings.Contains(stderr, says) || strings.Count(stderr, "\n") != 1 || out != "" {
			t.Errorf("%s: exit %d, want 2; stderr %q, want %q in it; stdout %q", args, code, stderr, says, out)
		}
	}
	if left, err := filepath.Glob("*"); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
