package onnxio

import (
	"encoding/json"
	"math"
	"os"
	slashes "path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// exported are the files that real exporters wrote, and GONN_EXPORTED names a folder with
// more of them: all that testdata/ref/matrix_torch.py and matrix_keras.py make.
const exported = "../testdata/golden/exported"

// exportedCase is a case.json beside a model.
type exportedCase struct {
	Exporter  string                       `json:"exporter"`
	Network   string                       `json:"network"`
	Error     string                       `json:"error"`
	Slopes    []string                     `json:"slopes"`
	Layers    []exportedLayer              `json:"layers"`
	Tolerance struct{ Atol, Rtol float64 } `json:"tolerance"`
}

type exportedLayer struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// lost are models in which the exporter has lost what the author wrote. They compute the
// same, as other layers, or are refused.
var lost = map[string]string{
	"*/untrained-swish-beta-channel-sigmoid":  "TensorFlow drops products with ones",
	"*/zeros-swish-beta-channel-sigmoid":      "TensorFlow drops products with ones",
	"*/study-leaky-*-prelu":                   "a number given to PRelu is stored like a slope",
	"torch-dynamo*/chain-leaky":               "a number given to PRelu is stored like a slope",
	"*/flatten-view-len-prelu-channel-module": "len(x) is traced as the number 2",
	"*/act-last-*":                            "the features of the output are in another order",
}

func isLost(name string) bool {
	for pattern := range lost {
		if ok, _ := slashes.Match(pattern, filepath.ToSlash(name)); ok {
			return true
		}
	}
	return false
}

// eachExported runs a test for each of these files: the folder that it is in, its name there, and
// its path.
func eachExported(t *testing.T, test func(t *testing.T, root, name, file string)) {
	t.Helper()
	roots := []string{exported}
	if more := os.Getenv("GONN_EXPORTED"); more != "" {
		roots = append(roots, more)
	}
	for _, root := range roots {
		models, err := filepath.Glob(filepath.Join(root, "*", "*", "model.onnx"))
		if err != nil || len(models) == 0 {
			t.Fatalf("%s: no models (%v)", root, err)
		}
		for _, file := range models {
			name, _ := filepath.Rel(root, filepath.Dir(file))
			t.Run(name, func(t *testing.T) { test(t, root, name, file) })
		}
	}
}

// Every model that the exporters of PyTorch and Keras wrote comes back as the network that
// somebody wrote: its layers, the framework's own results, and the slopes as values.
func TestExportedModelsAreRecovered(t *testing.T) {
	count, foreign, refused := map[string]int{}, 0, 0
	eachExported(t, func(t *testing.T, _, name, file string) {
		c := readExportedCase(t, filepath.Dir(file))
		im, err := Load(file)
		if c.Layers == nil || isLost(name) {
			c.foreign(t, im, err, filepath.Dir(file))
			foreign++
			return
		}
		if c.Error != "" {
			refused++
			if err == nil || !strings.Contains(err.Error(), c.Error) {
				t.Errorf("error %v, want one about %q", err, c.Error)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		c.holds(t, im, filepath.Dir(file))
		count[c.Exporter]++
	})
	total := 0
	for _, n := range count {
		total += n
	}
	t.Logf("%d models recovered as trainable networks: %v; %d that have no such form, or lost it, compute the same or are refused; %d refused as they must be",
		total, count, foreign, refused)
}

func readExportedCase(t *testing.T, dir string) exportedCase {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "case.json"))
	if err != nil {
		t.Fatal(err)
	}
	var c exportedCase
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// holds compares what was imported with what the framework's network is.
func (c exportedCase) holds(t *testing.T, im *Imported, dir string) {
	t.Helper()
	var want, got []string
	for _, l := range c.Layers {
		want = append(want, l.Kind)
	}
	for _, n := range im.Network.Nodes() {
		got = append(got, settledKind(n.Layer))
	}
	if strings.HasPrefix(c.Exporter, "keras-jax") {
		want = slices.DeleteFunc(want, func(k string) bool { return k == "linear" })
	} else {
		want = slices.DeleteFunc(want, func(k string) bool { return k == "linear" || k == "BatchNorm" })
	}
	if !c.sameKinds(im.Network, want) {
		t.Errorf("layers %v\nwant   %v", got, want)
	}
	recorded := readNPZ(t, filepath.Join(dir, "recorded.npz"))
	c.sameResults(t, im, recorded["input"], recorded["output"])
	c.sameSlopes(t, im, recorded)
	if strings.HasPrefix(c.Exporter, "torch") && c.Network == "residual" {
		c.sameNames(t, im)
	}
}

// sameNames checks that layers are called as their author called them.
func (c exportedCase) sameNames(t *testing.T, im *Imported) {
	t.Helper()
	for _, n := range im.Network.Nodes() {
		if !slices.ContainsFunc(c.Layers, func(l exportedLayer) bool { return l.Name == n.Name }) {
			t.Errorf("layer %q (%s) is none of the author's", n.Name, settledKind(n.Layer))
		}
	}
}

// settledKind is the kind of a layer, for activations with what they are set to.
func settledKind(l nn.Layer) string {
	if act, ok := l.(activation.Layer); ok {
		return act.String()
	}
	return l.Kind()
}

// normalises are the networks of the cases with batch normalisation.
var normalises = regexp.MustCompile(`\bbn\b|^preact\b`)

// sameKinds compares a network's layers with those of its author, in any order. Padding may
// be that of the window behind it, and most exporters fold normalisations where they can. On vectors, where a channel is an
// element, both words mean the same.
func (c exportedCase) sameKinds(net *nn.Network, want []string) bool {
	folded := []string{"BatchNorm", "Pad"}
	divided := strings.HasPrefix(c.Exporter, "keras-tf") || strings.HasPrefix(c.Exporter, "keras-torch")
	if divided && normalises.MatchString(c.Network) {
		folded = append(folded, "Rescaling") // the variance is no longer in the file
	}

	left := slices.Clone(want)
	for _, n := range net.Nodes() {
		i := slices.IndexFunc(left, func(k string) bool {
			return sameKind(settledKind(n.Layer), k) || n.Shape.Size() == n.Shape[0] && settledKind(n.Layer) == strings.Replace(k, ":channel", ":element", 1)
		})
		if i < 0 && slices.Contains(folded, n.Layer.Kind()) {
			continue
		}
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return !slices.ContainsFunc(left, func(k string) bool { return k != "Pad" })
}

// sameKind compares two kinds, whose settings may be written with more or fewer digits.
func sameKind(a, b string) bool {
	if a == b {
		return true
	}
	x, err1 := activation.Parse(a)
	y, err2 := activation.Parse(b)
	return err1 == nil && err2 == nil && x.Func == y.Func && x.Func.Arg == activation.Fixed && math.Abs(float64(x.Value-y.Value)) < 1e-6
}

// foreign checks a model that has no layers of gonn's: it is refused with its nodes, or
// read as other layers that compute the same; the evaluator runs it.
func (c exportedCase) foreign(t *testing.T, im *Imported, err error, dir string) {
	t.Helper()
	recorded := readNPZ(t, filepath.Join(dir, "recorded.npz"))
	if err == nil {
		c.sameResults(t, im, recorded["input"], recorded["output"])
		return
	}
	if !strings.Contains(err.Error(), "cannot be read as layers") && !strings.Contains(err.Error(), "inputs; a network has 1") {
		t.Errorf("error %v does not say what stands in the way", err)
	}
	c.evaluates(t, filepath.Join(dir, "model.onnx"), recorded["input"], recorded["output"])
}

// evaluates runs a model without trainable form on the reference evaluator, if that knows
// all of its operators and it has one input.
func (c exportedCase) evaluates(t *testing.T, file string, input, want *nn.Tensor) {
	t.Helper()
	m, err := graph.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e, err := reference.New(m)
	if err != nil || len(m.Graph.Feeds()) != 1 || input == nil {
		return
	}
	out, err := e.Run(map[string]*reference.Tensor{m.Graph.Feeds()[0].Name: reference.FromFloat32s(input.Shape, input.Data)})
	if err != nil {
		t.Logf("the file is not ONNX: %v", err) // as Clip with bounds of another type
		return
	}
	y := out[m.Graph.Outputs[0].Name]
	var scale, worst float64
	for i, v := range want.Data {
		scale = max(scale, math.Abs(float64(v)))
		worst = max(worst, math.Abs(float64(v)-y.Floats[i]))
	}
	if !(worst <= 1e-4*(1+scale)) { // e^x makes much of a little
		t.Errorf("the evaluator and the framework differ by %.3g on a scale of %.3g", worst, scale)
	}
}

func (c exportedCase) sameResults(t *testing.T, im *Imported, input, want *nn.Tensor) {
	t.Helper()
	x, err := im.InputOrder.ToNetwork(input)
	if err != nil {
		t.Fatal(err)
	}
	y, err := im.Network.Forward(x)
	if err != nil {
		t.Fatal(err)
	}
	if y, err = im.OutputOrder.ToFile(y); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(y.Shape, want.Shape) {
		t.Fatalf("results of shape %v, want %v", y.Shape, want.Shape)
	}
	var scale, worst float64
	for i, v := range want.Data {
		scale = max(scale, math.Abs(float64(v)))
		worst = max(worst, math.Abs(float64(v)-float64(y.Data[i])))
	}
	if !(worst <= c.Tolerance.Atol+c.Tolerance.Rtol*scale) {
		t.Errorf("results differ by %.3g on a scale of %.3g", worst, scale)
	}
}

// sameSlopes holds what activations learned against the recorded values, in the order of
// the layers.
func (c exportedCase) sameSlopes(t *testing.T, im *Imported, recorded map[string]*nn.Tensor) {
	t.Helper()
	var learned []*nn.Param
	for _, n := range im.Network.Nodes() {
		if _, ok := n.Layer.(activation.Layer); ok {
			learned = append(learned, n.Params...)
		}
	}
	if len(learned) != len(c.Slopes) {
		t.Errorf("%d learned activations, want %v", len(learned), c.Slopes)
		return
	}
	for i, name := range c.Slopes {
		if d := largestDifference(learned[i].Data, recorded["param/"+name].Data); !(d <= 1e-7) {
			t.Errorf("%s: slopes differ by %.3g from %s", learned[i].FullName(), d, name)
		}
	}
}

func largestDifference(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	var d float64
	for i := range a {
		d = max(d, math.Abs(float64(a[i])-float64(b[i])))
	}
	return d
}
