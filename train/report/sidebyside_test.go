package report

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
)

func presetModel(t *testing.T, name, network, act string, seed uint64) *model.Model {
	t.Helper()
	net, err := preset.Build(network, nn.Shape{1, 16, 16}, 4, activation.Must(act))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, seed)
	for _, p := range net.Params() {
		for i := range p.Data {
			if p.Role == nn.Slope || p.Role == nn.Beta {
				p.Data[i] = float32(math.Sin(float64(i) * float64(seed)))
			}
		}
	}
	return &model.Model{Name: name, Net: net, Metadata: map[string]string{}}
}

// besides reports two models on random samples.
func besides(t *testing.T, a, b *model.Model) *SideBySide {
	t.Helper()
	const samples = 64
	x, labels := nn.NewTensor(samples, 1, 16, 16), make([]int, samples)
	for i := range x.Data {
		x.Data[i] = float32(math.Abs(math.Sin(float64(i * i))))
	}
	for i := range labels {
		labels[i] = i % 4
	}
	set := &data.Set{Name: "waves", Test: &nn.TensorSamples{X: x, Labels: labels, NumClasses: 4}, ClassNames: data.ClassNames{"lake", "river", "sea", "pond"}}
	r, err := parity.Models(a.Net, b.Net, set.Test, set.Test, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	return SideBySideOf(set, a, b, r)
}

// Two models side by side fit the page, with what corresponds in both.
func TestSideBySideFits(t *testing.T) {
	long := strings.Repeat("runs/of-a-long-name-", 4)
	for _, name := range preset.Names() {
		r := besides(t, presetModel(t, long+"a", name, "prelu:channel", 1), presetModel(t, long+"b", name, "prelu:element", 2))
		text := textOf(r, 80)
		fits(t, text, 80)
		for _, want := range []string{"McNemar's test", "before", "≥ 0.9", "histogram", "the surest first", "dense"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in:\n%s", name, want, text)
			}
		}
	}
}

// Histograms of layers that correspond have one axis, also beside an activation that learns
// nothing, and the numbers agree with the slopes.
func TestSlopesOnACommonAxis(t *testing.T) {
	a, b := presetModel(t, "a", "study", "prelu:channel", 1), presetModel(t, "b", "study", "prelu:channel", 1)
	for i := range 8 {
		a.Net.Param("act1.alpha").Data[i] = float32(i)     // 0…7
		b.Net.Param("act1.alpha").Data[i] = float32(i) + 8 // 8…15
	}
	r := besides(t, a, b)
	s := r.Filters.Slopes[0]
	if s.From != 0 || s.To != 15 || s.Correlation == nil || math.Abs(*s.Correlation-1) > 1e-6 {
		t.Errorf("%+v", s)
	}
	for i, c := range s.Counts[0] {
		if want := min(1, max(0, 8-i)); c != want || s.Counts[1][i] != 1-want {
			t.Errorf("bin %d has %d and %d", i, c, s.Counts[1][i])
		}
	}
	text := textOf(r, 0)
	if !strings.Contains(text, "|████████        |") || !strings.Contains(text, "|        ████████|") {
		t.Errorf("histograms:\n%s", text)
	}
	c := presetModel(t, "c", "study", "relu", 1)
	for _, r := range []*SideBySide{besides(t, a, c), besides(t, c, a)} {
		s := r.Filters.Slopes
		if len(s) != 2 || s[0].From != 0 || s[0].To != 7 || s[0].Correlation != nil || len(s[0].Counts[0])+len(s[0].Counts[1]) != slopeBins {
			t.Errorf("%+v", s)
		}
	}
}

// What is reported of one network beside itself, and beside one of another structure.
func TestSideBySideText(t *testing.T) {
	a := presetModel(t, "a", "study", "relu", 1)
	text := textOf(besides(t, a, a), 80)
	for _, want := range []string{"all parameters are equal", "nothing to go by", "8/8", "fixed", "1.000  1.000"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "the surest first") {
		t.Errorf("a model disagrees with itself:\n%s", text)
	}
	text = textOf(besides(t, a, presetModel(t, "b", "vgg8", "relu", 1)), 80)
	for _, want := range []string{"only in b: bn1, ", "conv1", "conv1 (8, 1, 7, 7)\n    and (32, 1, 3, 3)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	foreign := *a
	foreign.Foreign = &model.Foreign{}
	r := besides(t, &foreign, a)
	if text := textOf(r, 80); r.Filters != nil || !strings.Contains(text, "filters are not matched: a has no trainable form") {
		t.Errorf("a foreign file:\n%s", text)
	}
}

// The table of a picture lists all that it shows, that without one a few. Classes have the names
// that each model gives them.
func TestDisagreementsText(t *testing.T) {
	a, b := presetModel(t, "a", "study", "relu", 1), presetModel(t, "b", "study", "relu", 5)
	b.Metadata = map[string]string{"class_names": "see,fluss,meer,teich", "net_sha256": "1"}
	r := besides(t, a, b)
	if len(r.Disagreements) <= disagreementsShown {
		t.Fatalf("%d disagreements are too few for this test", len(r.Disagreements))
	}
	rows := func(text string) int {
		_, table, _ := strings.Cut(text, "the surest first")
		return strings.Count(table, " %)\n")
	}
	if n := rows(textOf(r, 80)); n != disagreementsShown {
		t.Errorf("%d rows without a picture:\n%s", n, textOf(r, 80))
	}
	r.Picture = "differ.png"
	text := textOf(r, 80)
	if n := rows(text); n != len(r.Disagreements) || !strings.Contains(text, "as in differ.png") {
		t.Errorf("%d rows with a picture:\n%s", n, text)
	}
	d := r.Disagreements[0]
	if d.Label != d.Sample%4 || d.Name != []string{"lake", "river", "sea", "pond"}[d.Label] || d.Models[0].Name != "" ||
		d.Models[1].Name != []string{"see", "fluss", "meer", "teich"}[d.Models[1].Class] || d.Models[0].Class == d.Models[1].Class ||
		!(d.Models[0].Probability > 0.25 && d.Models[1].Probability > 0.25) {
		t.Errorf("%+v", d)
	}
}

// The report is JSON whatever the parameters are.
func TestSideBySideOfParametersThatAreNotFinite(t *testing.T) {
	a, b := presetModel(t, "a", "study", "relu", 1), presetModel(t, "b", "study", "relu", 2)
	for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		a.Net.Param("conv2.weight").Data[i] = float32(v)
	}
	f, why := filtersOf(a, b)
	if f == nil {
		t.Fatal(why)
	}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if f.MaxError != nil || f.Layers[1].MaxError != nil || f.Layers[0].MaxError == nil || strings.Contains(string(text), "null") {
		t.Errorf("%s", text)
	}
	if page := textOf(&SideBySide{Filters: f}, 80); !strings.Contains(page, "not finite") {
		t.Errorf("%s", page)
	}
}
