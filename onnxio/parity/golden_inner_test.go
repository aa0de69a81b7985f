package parity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
)

// inner is where networks of frameworks are recorded with the outputs of all their layers.
const inner = "../../testdata/golden/inner"

// innerCase is one of them.
type innerCase struct {
	name        string
	Framework   string            `json:"framework"`
	Exporter    string            `json:"exporter"`
	Activations map[string]string `json:"activations"` // as gonn spells them, by layer
}

func innerCases(t *testing.T) []innerCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(inner, "*", "*", "case.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens (%v)", err)
	}
	var cases []innerCase
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c innerCase
		if err := json.Unmarshal(b, &c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		rel, err := filepath.Rel(inner, filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		c.name = filepath.ToSlash(rel)
		cases = append(cases, c)
	}
	return cases
}

// openInner reads a golden: its model, and what was recorded for it in a file beside.
func openInner(t *testing.T, name, recorded string) (*graph.Model, *onnxio.Imported, *parity.Recorded) {
	t.Helper()
	dir := filepath.Join(inner, name)
	m, err := graph.ReadFile(filepath.Join(dir, "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	im, err := onnxio.Import(m)
	if err != nil {
		t.Fatal(err)
	}
	r, err := parity.ReadRecorded(filepath.Join(dir, "inputs.npz"), filepath.Join(dir, recorded))
	if err != nil {
		t.Fatal(err)
	}
	return m, im, r
}

func compareLayers(t *testing.T, m *graph.Model, im *onnxio.Imported, r *parity.Recorded, o parity.Options) *parity.Report {
	t.Helper()
	o.Tolerance = mustParse(t, "close")
	got, err := parity.Layers(context.Background(), &parity.Model{Graph: m, Imported: im}, r, o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// What exporters put into the layer behind, so that the file has no value of it: a convolution
// into its normalisation, a pad into its convolution. And what the framework did not record,
// but the network has: the sum in the forward of a module.
var (
	putBehind = map[string][]string{
		"keras/depthwise":     {"conv1", "block1_depthwise", "block1_pointwise", "block2_depthwise", "block2_pointwise"},
		"keras/residual":      {"conv1", "block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2", "block2_conv3"},
		"keras/vgg8":          {"conv1", "conv2", "conv3", "conv4", "conv5", "conv6"},
		"pytorch/depthwise":   {"block1.0"},
		"pytorch/vgg8-folded": {"features.0", "features.3", "features.7", "features.10", "features.14", "features.17"},
	}
	notSeen = map[string][]string{"pytorch/residual": {"block2"}, "pytorch/inplace": {"add"}, "pytorch/inplace-dynamo": {"add"}}
)

// mostRounding bounds the error of a layer against float64, relative to its largest value.
const mostRounding = 1e-5

// gonn gives what PyTorch and Keras gave, layer by layer, and each side is near the file in
// float64.
func TestInnerValuesMatchFrameworks(t *testing.T) {
	for _, c := range innerCases(t) {
		t.Run(c.name, func(t *testing.T) {
			m, im, r := openInner(t, c.name, "expected.npz")
			got := compareLayers(t, m, im, r, parity.Options{Truth: true, Plans: true, Why: true})
			if !got.Equal || got.FirstWrong != nil || got.Cause != nil || len(got.Notes) > 0 {
				t.Errorf("%s %v", got, got.Notes)
			}
			if unplaced := unplacedNames(got); !sameNames(unplaced, putBehind[c.name]) {
				t.Errorf("without a layer are %q; want %q", unplaced, putBehind[c.name])
			}
			var unseen []string
			var own, theirs worst
			for _, l := range got.Layers {
				switch {
				case l.Verdict == parity.NotRecorded:
					unseen = append(unseen, l.Layer)
				case l.Verdict != parity.Equal || l.Isolated == nil || !l.Isolated.Equal:
					t.Errorf("%s is %s: %+v", l.Layer, l.Verdict, l.Isolated)
				case l.Truth == nil || l.Truth.Reference == nil:
					t.Errorf("%s has no error against float64", l.Layer)
				default:
					own.see(l.Layer, l.Truth.Own)
					theirs.see(l.Layer, *l.Truth.Reference)
				}
			}
			if !sameNames(unseen, notSeen[c.name]) {
				t.Errorf("not recorded are %q; want %q", unseen, notSeen[c.name])
			}
			if got.Truth == nil || got.Truth.Reference == nil {
				t.Fatal("the output has no error against float64")
			}
			own.see("the output", got.Truth.Own)
			theirs.see("the output", *got.Truth.Reference)
			if !own.within(mostRounding) || !theirs.within(mostRounding) {
				t.Errorf("beside float64 gonn is off by %v, %s by %v", own, c.Framework, theirs)
			}
			t.Logf("%d layers, worst beside float64: gonn %v, %s %v", len(got.Layers), own, c.Framework, theirs)
		})
	}
}

// Every activation of the table is in a network of each framework, and is imported as itself.
func TestInnerGoldensHaveAllActivations(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range innerCases(t) {
		_, im, _ := openInner(t, c.name, "expected.npz")
		for layer, spelled := range c.Activations {
			want := activation.Must(spelled)
			seen[c.Framework+" "+want.Func.Name] = true
			node := im.Network.Node(layer)
			if node == nil && want.Func.Name == "linear" { // a layer that does nothing is left out
				continue
			}
			if node == nil {
				t.Errorf("%s: no layer %s", c.name, layer)
			} else if a, ok := node.Layer.(activation.Layer); !ok || a.String() != want.String() {
				t.Errorf("%s: %s is %v; want %v", c.name, layer, node.Layer, want)
			}
		}
	}
	for _, framework := range []string{"pytorch", "keras"} {
		for _, name := range recordedActivations(t, framework) {
			if !seen[framework+" "+name] {
				t.Errorf("no network of %s has %s", framework, name)
			}
		}
	}
}

// recordedActivations are those whose values were recorded in a framework by themselves.
func recordedActivations(t *testing.T, framework string) (names []string) {
	t.Helper()
	z, err := data.OpenNPZ(filepath.Join("..", "..", "testdata", "golden", "activations", framework+".npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, key := range z.Names() {
		name, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(key, "/f"), "/grad"), ":")
		if slices.Contains(activation.Names(), name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) < 15 {
		t.Fatalf("%s: %q", framework, names)
	}
	return names
}

// worst is the largest error that was seen, and where.
type worst struct {
	layer string
	error parity.Number
}

func (w *worst) see(layer string, e parity.Number) {
	if w.layer == "" || !(e <= w.error) {
		w.layer, w.error = layer, e
	}
}

func (w worst) within(most parity.Number) bool { return w.error <= most }

func (w worst) String() string { return fmt.Sprintf("%.2g (%s)", float64(w.error), w.layer) }

func unplacedNames(r *parity.Report) []string {
	var names []string
	for _, u := range r.Unplaced {
		names = append(names, u.Name)
	}
	return names
}

// sameNames compares without order.
func sameNames(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
