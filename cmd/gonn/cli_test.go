package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/report"
)

// testdata is the folder of the project, from wherever a test has moved to.
func testdata(t *testing.T, elem ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(append([]string{path}, elem...)...)
}

// gonn runs a command line and returns what it printed and its exit code.
func gonn(args ...string) (stdout, stderr string, code int) {
	var out, err bytes.Buffer
	code = execute(context.Background(), append([]string{"gonn"}, args...), &out, &err)
	return out.String(), err.String(), code
}

// mustRun runs a command line that has to succeed.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	out, stderr, code := gonn(args...)
	if code != 0 {
		t.Fatalf("gonn %s: exit %d: %s", strings.Join(args, " "), code, stderr)
	}
	return out
}

// Every wrong command gives one sentence on stderr and the right exit code, and
// leaves nothing behind.
func TestWrongCommands(t *testing.T) {
	torch := testdata(t, "golden", "pytorch", "mish", "torchscript.onnx")
	inputs := testdata(t, "golden", "pytorch", "recorded", "inputs.npz")
	picture := testdata(t, "digits", "7.png")
	t.Chdir(t.TempDir())
	writeUnreadable(t)
	for _, tc := range []struct {
		args string
		code int
		says string
	}{
		{"frobnicate", 2, `unknown command "frobnicate"`},
		{"trian", 2, "did you mean train?"},
		{"help trian", 2, "did you mean train?"},
		{"help train eval", 2, "help takes one command"},
		{"completion tcsh", 2, "bash, zsh or fish"},
		{"train --epoch 3", 2, "did you mean --epochs?"},
		{"train --act pRelu", 2, "did you mean prelu?"},
		{"train --act pre:one", 2, "did you mean prelu?"},
		{"train --net resnet2", 2, "did you mean resnet20?"},
		{"train --data mnist-invertd", 2, "did you mean mnist-inverted?"},
		{"train --optimizer adm", 2, "did you mean adam?"},
		{"train --loss crossentropy", 2, "did you mean cross-entropy?"},
		{"train --schedule cosin", 2, "did you mean cosine?"},
		{"train --semantics kreas", 2, "did you mean keras?"},
		{"train --init pytroch", 2, "did you mean pytorch?"},
		{"bench --act rleu", 2, "did you mean relu?"},
		{"plot curvs", 2, "did you mean curves?"},
		{"plot mish,mish", 2, "mish is there twice"},
		{"plot mish relu", 2, `mish takes no run or model, got "relu"`},
		{"plot mish -o mish.gif", 2, "a file whose name ends in .png or .svg"},
		{"plot mish --theme sepia", 2, "choose one of light, dark, print"},
		{"plot mish --width 10", 2, "from 240 to 4000"},
		{"plot mish --metric loss", 2, "--metric is not for mish: it is for curves"},
		{"plot mish --limit 3", 2, "--limit is for pictures of data, not for mish"},
		{"plot mish --size 3x3", 2, "--size is for pictures of models, not for mish"},
		{"plot activations --act rleu", 2, `--act: unknown activation "rleu"`},
		{"plot curves", 1, "no run has been made here"},
		{"plot curves nowhere", 1, "gonn: nowhere: no such file"},
		{"plot network nowhere.onnx", 1, "gonn: nowhere.onnx: no such file"},
		{"completion bsh", 2, "did you mean bash?"},
		{"compare " + torch + " --engine refrence", 2, "did you mean reference?"},
		{"compare " + torch + " --tolerance lose --same", 2, "did you mean loose?"},
		{"landscape", 1, "gonn: runs"},
		{"landscape nope.onnx", 1, "gonn: nope.onnx: no such file"},
		{"landscape --directions 1 " + torch, 2, "--directions 1: give a number from 2 to 1000"},
		{"landscape --distance 0 " + torch, 2, "--distance 0: give a number above 0"},
		{"predict nope.png", 1, "gonn: runs"},
		{"predict " + torch + " nope.png", 1, "gonn: nope.png: no such file"},
		{"compare " + torch + " --inputs nope.npy --expected nope.npy", 2, "gonn: nope.npy: no such file"},
		{"train --config nowhere.json", 1, "nowhere.json"},
		{"--frobnicate", 2, "unknown flag --frobnicate"},
		{"train --frobnicate", 2, "gonn train --help lists them"},
		{"train --lr", 2, "--lr needs a value"},
		{"train --lr x", 2, "--lr x: not a value"},
		{"train --lr -1", 2, "--lr -1: the learning rate must be above 0"},
		{"train --lr 0", 2, "must be above 0"},
		{"train extra", 2, `train takes no argument, got "extra"`},
		{"train --act reul", 2, "choose one of linear, relu, leaky"},
		{"train --act leaky", 2, "needs its alpha, as in leaky:0.01"},
		{"train --act leaky:x", 2, `"x" is not a finite number`},
		{"train --act prelu:row", 2, "choose one, channel, element"},
		{"train --epochs 0", 2, "--epochs 0: need at least 1"},
		{"train --batch -3", 2, "--batch -3: need at least 1"},
		{"train --optimizer lion", 2, "choose one of adam, adamw, sgd, rmsprop, adagrad"},
		{"train --optimizer adam:tf", 2, "choose pytorch or keras"},
		{"train --semantics tf", 2, "--semantics"},
		{"train --kink tf", 2, "--kink"},
		{"train --init tf", 2, "choose pytorch or keras"},
		{"train --loss l1", 2, "choose one of cross-entropy, mse, bce"},
		{"train --momentum 0.9", 2, "adam has no momentum setting: choose sgd or rmsprop"},
		{"train --centered", 2, "adam has no centered setting: choose rmsprop"},
		{"train --weight-decay -1", 2, "weight decay -1 is not a finite number from 0 on"},
		{"train --weight-decay 0 --optimizer adamw", 2, "choose --optimizer adam"},
		{"train --decay-all", 2, "needs a weight decay above 0"},
		{"train --clip-norm -1", 2, "by norm: the limit -1"},
		{"train --clip-value nan", 2, "by value: the limit NaN"},
		{"train --clip-norm 1 --clip-value 1", 2, "by norm or by value, not by both"},
		{"train --clip-each", 2, "by its own norm needs the norm"},
		{"train --schedule triangle", 2, "choose one of constant, step, multistep, exponential, cosine, onecycle, plateau"},
		{"train --schedule step", 2, "EVERY is missing; it is spelled step:EVERY[:FACTOR]"},
		{"train --schedule step:0", 2, "need a number of epochs, or of steps as in 500steps"},
		{"train --schedule cosine:-1", 2, "need a learning rate from 0 on"},
		{"train --schedule cosine --epochs 0", 2, "--epochs 0: need at least 1"},
		{"train --warmup 1:2", 2, "need a share from 0 to 1"},
		{"train --val 1", 2, "need a share between 0 and 1"},
		{"train --data nowhere", 2, "choose mnist-inverted, mnist, or a folder"},
		{"train --augment blur", 2, "--augment: unknown change \"blur\": choose one or more of shift"},
		{"train --augment shift", 2, "--augment: shift: shift needs its n, a whole number"},
		{"train --augment shift:28 --limit 10", 2, "shift:28 moves pictures of shape (1, 28, 28)"},
		{"train --normalize 0.5", 2, "--normalize: \"0.5\": need MEAN:STD"},
		{"train --normalize 0.5:x", 2, "--normalize: std: \"x\" is not a number"},
		{"train --normalize 1,2:1 --limit 10", 2, "2 values of mean for 1 channels"},
		{"train --normalize 1:0 --limit 10", 2, "std 0 of channel 0"},
		{"import " + torch + " --normalize auto", 2, "--normalize auto: there is no training set here"},
		{"import " + torch + " --normalize 1,2:1", 2, "--normalize 1,2:1: normalize: 2 values of mean"},
		{"data --limit 10 --png " + torch, 2, "torchscript.onnx exists: choose another name or overwrite it with --force"},
		{"data --augment blur", 2, "--augment: unknown change"},
		{"data --limit 10 --augment shift:28", 2, "shift:28 moves"},
		{"data --data " + picture, 1, "7.png: not a data set; need a folder of IDX files"},
		{"train --net vgg", 2, "choose one of study, mlp"},
		{"train --net nowhere.onnx", 1, "nowhere.onnx: no such file"},
		{"train --net " + torch + " --act relu", 2, "brings its own activations"},
		{"train --resume", 1, "no run has been made here"},
		{"train --watch=x", 2, "--watch x: not a value it takes"},
		{"train --watch=65536", 2, "not a value it takes"},
		{"train --watch 8080", 2, "--watch=8080"},
		{"train --wach", 2, "did you mean --watch?"},
		{"lr-find extra", 2, "lr-find takes no argument"},
		{"lr-find --min 0", 2, "--min 0: need a learning rate above 0"},
		{"lr-find --max 1e-9", 2, "--max 1e-09: need a learning rate above min, which is 1e-06"},
		{"lr-find --steps 3", 2, "--steps 3: need at least 10"},
		{"lr-find -o rates.jpg", 2, "a name that ends in .png or .svg"},
		{"lr-find --theme blue", 2, "--theme: unknown theme"},
		{"lr-find --epochs 3", 2, "unknown flag --epochs"},
		{"lr-find --tensorboard", 2, "unknown flag --tensorboard"},
		{"lr-find -o nowhere/rates.png", 1, "nowhere/rates.png: there is no folder nowhere"},
		{"plot mish -o nowhere/mish.png", 1, "nowhere/mish.png: there is no folder nowhere"},
		{"lr-find --act reul", 2, "choose one of linear, relu, leaky"},
		{"train --resume --lr 0.1", 1, "no run has been made here"},
		{"train --limit 100 --run " + picture + "/run", 1, "not a directory"},
		{"eval", 1, "no run has been made here"},
		{"eval nowhere.onnx", 1, "nowhere.onnx: no such file"},
		{"eval a.onnx b.onnx", 2, "eval takes one MODEL.onnx, got 2"},
		{"eval a.onnx --run b", 2, "choose one"},
		{"eval " + torch + " --std 0 --limit 10", 2, "need a number above 0"},
		{"eval " + torch + " --mean a --limit 10", 2, `"a" is not a number`},
		{"inspect " + picture, 1, "7.png: "},
		{"predict", 2, "predict needs a picture"},
		{"predict " + torch + " nowhere.png", 1, "nowhere.png: no such file"},
		{"predict " + torch + " " + inputs, 1, "not a readable PNG or JPEG"},
		{"export", 2, "export needs the file to write"},
		{"export model.onnx", 1, "no run has been made here"},
		{"export model.onnx --act relu", 2, "--act is for the network of --net: a run brings its own"},
		{"export model.onnx --net mlp --run a", 2, "both --net mlp and --run a are given: choose one"},
		{"export model.onnx --net resnet2", 2, "did you mean resnet20?"},
		{"export model.onnx --net mlp --act rleu", 2, "did you mean relu?"},
		{"export model.onnx --net mlp --size 4", 2, "needs CHANNELSxHEIGHTxWIDTH"},
		{"bench nowhere.onnx", 1, "nowhere.onnx: no such file"},
		{"bench --run nowhere", 1, "nowhere: no such file"},
		{"bench " + torch + " --size 8x8", 2, "its size is fixed"},
		{"export model.onnx --opset 17", 2, "--opset: opset 17 is not written; 16, 18, 20 and 24 are"},
		{"export model.onnx --opset 0", 2, "--opset: opset 0 is not written"},
		{"export model.onnx --opset twenty", 2, "--opset twenty: not a value"},
		{"import", 2, "import needs a file"},
		{"compare", 2, "compare takes REFERENCE.onnx"},
		{"compare nowhere.onnx", 2, "nowhere.onnx: no such file"},
		{"compare " + torch + " --inputs a.npy", 2, "give --inputs and --expected both"},
		{"compare " + torch + " --inputs a.txt --expected b.txt", 2, ".npy or .npz"},
		{"compare " + torch + " --inputs " + inputs + " --expected " + inputs, 2, `output is called "logits"`},
		{"compare " + torch + " --tolerance tight", 2, "choose exact, close, loose or ulp:N"},
		{"compare " + torch + " --tolerance exact --atol 1", 2, "exclude each other"},
		{"compare " + torch + " --atol -1", 2, "must be 0 or more"},
		{"import quantised.onnx", 1, `2 of its 2 nodes cannot be read as layers: QuantizeLinear "QuantizeLinear1" (the model is quantised: export the one in floating point`},
		{"train --net quantised.onnx --limit 10", 1, "DequantizeLinear1"},
		{"train --net unknown.onnx --limit 10", 1, `unknown.onnx: 2 of its 3 nodes cannot be read as layers: Frobnicate "Frobnicate1"`},
		{"import control.onnx", 1, `If "If1" (control flow: export the branch or the unrolled loop that the network takes); compare still runs it`},
		{"import unknown.onnx", 1, `Defrobnicate "Defrobnicate1" (no layer for this operator); nor can the reference evaluator run it: node "Frobnicate1" (Frobnicate): operator Frobnicate is not known (and 1 more)`},
		{"import sparse.onnx", 1, "sparse_initializer: sparse tensors are not read: store it as a dense initializer"},
		{"import two-outputs.onnx", 1, "the model has 2 outputs; a network has 1; compare still runs it"},
		{"import nowhere.onnx", 1, "nowhere.onnx: no such file"},
		{"inspect sparse.onnx", 1, "sparse tensors are not read"},
		{"eval unknown.onnx --limit 10", 1, "unknown.onnx has no trainable form, and the reference evaluator cannot run it"},
		{"eval quantised.onnx --limit 10", 2, "quantised.onnx: the network has 3 outputs, the data 10 classes"},
		{"eval two-outputs.onnx --limit 10", 1, "data sets run through models of one input and one output, and this one has 1 and 2"},
		{"eval control.onnx --layout hwc", 2, "--layout hwc: choose nchw or nhwc"},
		{"eval control.onnx --layout nhwc", 1, "it has 2 axes, and layout nhwc is about four"},
		{"eval " + torch + " --layout nhwc", 2, "has one, and takes samples of shape (1, 28, 28)"},
		{"predict control.onnx " + picture, 1, "pictures cannot be loaded as samples of shape (3)"},
		{"predict unknown.onnx " + picture, 1, "operator Frobnicate is not known (and 1 more)"},
		{"compare control.onnx", 2, "no run has been made here"},
		{"compare unknown.onnx --inputs " + inputs + " --expected " + inputs, 2, "the reference evaluator cannot run it"},
		{"compare two-outputs.onnx --inputs " + inputs + " --expected " + inputs, 2, `input is called "x", the recorded data has input`},
		{"runs", 1, "runs: no such folder; gonn train makes runs in runs"},
		{"runs nowhere", 1, "nowhere: no such folder"},
		{"runs a b", 2, "runs takes one DIR, got 2"},
		{"runs " + picture, 1, "7.png: not a directory"},
		{"runs --filter act", 2, "--filter: \"act\" has no comparison: need NAME=VALUE"},
		{"runs --columns run,,act", 2, "--columns run,,act: need names with commas between them"},
		{"runs --columns run --json", 2, "--columns is for the table: --json has all of them"},
		{"data extra", 2, "data takes no argument"},
		{"data --limit 10 --png nowhere/a.png", 1, "nowhere/a.png"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			out, stderr, code := gonn(strings.Fields(tc.args)...)
			if code != tc.code || !strings.Contains(stderr, tc.says) {
				t.Errorf("exit %d, want %d; stderr %q, want %q in it", code, tc.code, stderr, tc.says)
			}
			if note, sentence, noted := strings.Cut(stderr, "\n"); noted && strings.HasPrefix(note, "note: ") {
				stderr = sentence // what runs on the evaluator says so first
			}
			if strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "gonn: ") {
				t.Errorf("stderr is not one sentence: %q", stderr)
			}
			if out != "" {
				t.Errorf("stdout %q", out)
			}
		})
	}
	if left, err := filepath.Glob("*"); err != nil || len(left) != 5 { // of writeUnreadable
		t.Errorf("left behind: %v %v", left, err)
	}
}

// Every command has an example in its help.
func TestHelpHasExamples(t *testing.T) {
	for _, c := range commands() {
		if help := mustRun(t, c.Name, "--help"); !strings.Contains(help, "\n     gonn "+c.Name) {
			t.Errorf("gonn %s --help has no example:\n%s", c.Name, help)
		}
	}
}

// train and export give their reports as JSON, and nothing else on stdout.
func TestTrainAndExportJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	var r report.Training
	if err := json.Unmarshal([]byte(mustRun(t, small("--act", "prelu:channel", "--epochs", "2", "--val", "0.2", "--json")...)), &r); err != nil {
		t.Fatal(err)
	}
	if r.Run == "" || r.Settings.Act != "prelu:channel" || len(r.Epochs) != 2 || !r.Epochs[1].Validated() || r.Test.Samples == 0 || len(r.Slopes) != 2 {
		t.Errorf("%+v", r)
	}
	for _, m := range r.Epochs {
		if _, ok := m.Get("slopes/act2/p50"); !ok {
			t.Errorf("epoch %d has no slopes: %v", m.Epoch, m)
		}
	}
	var i report.Inspection
	if err := json.Unmarshal([]byte(mustRun(t, "inspect", "--json")), &i); err != nil || !reflect.DeepEqual(i.Epochs, r.Epochs) {
		t.Errorf("inspect has epochs %v, error %v, want those of the training: %v", i.Epochs, err, r.Epochs)
	}
	var e report.Export
	if err := json.Unmarshal([]byte(mustRun(t, "export", "model.onnx", "--external", "--json")), &e); err != nil {
		t.Fatal(err)
	}
	if e.Opset != 16 || len(e.Files) != 2 || e.Files[0].Path != "model.onnx" || e.Files[0].Bytes == 0 {
		t.Errorf("%+v", e)
	}
}

// Settings of a file are changed by flags, and what is wrong with them names the file.
func TestTrainWithConfig(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("c.json", []byte(`{"net": "mlp", "act": "mish", "limit": 64, "epochs": 1, "batch": 32}`), 0o666); err != nil {
		t.Fatal(err)
	}
	out := mustRun(t, "train", "--config", "c.json", "--act", "relu")
	if !strings.Contains(out, "mlp with relu") || !strings.Contains(out, "64 training samples of mnist-inverted, batches of 32") {
		t.Error(out)
	}
	if err := os.WriteFile("c.json", []byte(`{"epochs": 0}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := gonn("train", "--config", "c.json"); code != exitUsage || !strings.Contains(stderr, "c.json: epochs 0: need at least 1") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if err := os.WriteFile("c.json", []byte(`{"net": "mlp", "limit": 64, "epochs": 1, "batch": 32, "optimizer": "adamw", "weight_decay": 0}`), 0o666); err != nil {
		t.Fatal(err)
	}
	for args, code := range map[string]int{"": 1, "--optimizer adamw:pytorch": 1, "--optimizer adam": 0, "--weight-decay 0.01": 0} {
		_, stderr, got := gonn(append([]string{"train", "--config", "c.json"}, strings.Fields(args)...)...)
		if got != code || code != 0 && !strings.Contains(stderr, "c.json: weight_decay is 0") {
			t.Errorf("%s: exit %d: %s", args, got, stderr)
		}
	}
}
