package parity_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// normalising is a network with two batch normalisations, and what its layers give.
func normalising(t *testing.T) (*parity.Model, *parity.Recorded) {
	t.Helper()
	conv := layer.Conv{Out: 6, Kernel: [2]int{3, 3}}
	net, err := nn.Sequential(nn.Shape{3, 12, 12}, conv, layer.BatchNorm{}, activation.Must("relu"), conv, layer.BatchNorm{}, activation.Must("relu"), layer.Flatten{}, layer.Dense{Out: 5})
	if err != nil {
		t.Fatal(err)
	}
	return recordedLayers(t, net)
}

// trained makes a recording of normalising that of training mode: normalised by the batch, and with
// dropout in front of the last layer.
func trained(t *testing.T, m *parity.Model, r *parity.Recorded) {
	t.Helper()
	net := m.Imported.Network
	values := map[string]*nn.Tensor{"input": r.Inputs[m.Imported.Input]}
	for _, n := range net.Nodes() {
		x := values[n.Inputs[0]]
		b := nn.NewBuilder(nil).Input("x", x.Shape[1:])
		one, err := b.Add(n.Name, n.Layer, "x").Build()
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range one.Params() {
			copy(p.Data, n.Params[i].Data)
			switch p.Name {
			case "running_mean", "running_var":
				channels, area := x.Shape[1], x.Shape[2]*x.Shape[3]
				for c := range channels {
					var sum, squares float64
					for i := range x.Shape[0] {
						for _, v := range x.Sample(i)[c*area : (c+1)*area] {
							sum, squares = sum+float64(v), squares+float64(v)*float64(v)
						}
					}
					count := float64(x.Shape[0] * area)
					if p.Data[c] = float32(sum / count); p.Name == "running_var" {
						p.Data[c] = float32(squares/count - sum/count*sum/count)
					}
				}
			}
		}
		y, err := one.Forward(x)
		if err != nil {
			t.Fatal(err)
		}
		r.Expected[n.Name] = y
		if n.Name == "flatten" {
			y = nn.NewTensor(y.Shape...)
			rng := rand.New(rand.NewPCG(1, 2))
			for i, v := range r.Expected[n.Name].Data {
				if rng.Float64() < 0.75 {
					y.Data[i] = v / 0.75
				}
			}
			r.Expected["drop"] = y
			r.Order = slices.Insert(r.Order, slices.Index(r.Order, "flatten")+1, "drop")
		}
		values[n.Name] = y
	}
	r.Expected[m.Imported.Output] = r.Expected["dense"]
}

// What was recorded in training mode is said to be, and no layer is accused of it; one that is
// wrong besides is found.
func TestRecordedInTraining(t *testing.T) {
	for _, flat := range []bool{true, false} {
		m, r := normalising(t)
		trained(t, m, r)
		if !flat {
			delete(r.Expected, "flatten")
			r.Order = slices.DeleteFunc(r.Order, func(name string) bool { return name == "flatten" })
		}
		got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
		if got.Equal || got.FirstWrong != nil || got.Cause == nil || got.Cause.Kind != "training-mode" || !got.Cause.Uncorrected {
			t.Errorf("first wrong %+v, cause %+v\n%s", got.FirstWrong, got.Cause, got)
		}
		for _, name := range []string{"bn1", "bn2", "drop", "eval()"} {
			if !strings.Contains(got.Answer, name) {
				t.Errorf("no %s in: %s", name, got.Answer)
			}
		}
		for _, l := range got.Layers {
			if l.Training != (l.Kind == "BatchNorm" || l.Reference == "drop") || l.Training != (l.Verdict != parity.Equal && l.Verdict != parity.NotRecorded) {
				t.Errorf("%s (%s) is %s, in training %v", l.Layer, l.Reference, l.Verdict, l.Training)
			}
		}
		got = compareLayers(t, m.Graph, flipped(t, m, "conv2").Imported, r, parity.Options{Why: true})
		if got.FirstWrong == nil || got.FirstWrong.Own != "conv2" || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "training mode") {
			t.Errorf("with a bug: first wrong %+v, notes %q", got.FirstWrong, got.Notes)
		}
	}
}

// So it is where layers work in place too.
func TestRecordedInTrainingAndInPlace(t *testing.T) {
	m, r := normalising(t)
	trained(t, m, r)
	r.Expected["bn1"], r.Expected["bn2"] = r.Expected["act1"], r.Expected["act2"]
	got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
	if got.FirstWrong != nil || got.Cause == nil || got.Cause.Kind != "training-mode" || !sameNames(unplacedNames(got), []string{"bn1", "bn2"}) {
		t.Errorf("first wrong %+v, cause %+v, left over %q\n%s", got.FirstWrong, got.Cause, unplacedNames(got), got)
	}
}

// The output alone tells too, if there is no dropout.
func TestOutputRecordedInTraining(t *testing.T) {
	m, r := normalising(t)
	trained(t, m, r)
	dense, flat := m.Imported.Network.Node("dense"), r.Expected["flatten"]
	y := nn.NewTensor(flat.Shape[0], 5)
	for i := range y.Data {
		v := float64(dense.Params[1].Data[i%5])
		for k, x := range flat.Sample(i / 5) {
			v += float64(x) * float64(dense.Params[0].Data[i%5*len(flat.Sample(0))+k])
		}
		y.Data[i] = float32(v)
	}
	r.Expected, r.Order = map[string]*nn.Tensor{m.Imported.Output: y}, nil
	got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
	if got.Cause == nil || got.Cause.Kind != "training-mode" || got.Cause.Uncorrected || !(got.Cause.After < 1) {
		t.Errorf("cause %+v: %s", got.Cause, got.Answer)
	}
	// Another difference is none of training.
	for i := range y.Data {
		y.Data[i] += float32(i%3) / 10
	}
	if got = compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true}); got.Cause != nil && got.Cause.Kind == "training-mode" {
		t.Errorf("cause %+v", got.Cause)
	}
}

// A normalisation of values around 1000 is right, though its last digits are beyond the tolerance;
// one with another mean is not.
func TestCancellationIsNoFault(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{3, 12, 12}, layer.Conv{Out: 6, Kernel: [2]int{3, 3}}, layer.BatchNorm{}, activation.Must("mish"), layer.Flatten{}, layer.Dense{Out: 5})
	if err != nil {
		t.Fatal(err)
	}
	m, r := recordedLayers(t, net)
	net = m.Imported.Network
	for i := range net.Param("conv.bias").Data {
		net.Param("conv.bias").Data[i] = 1000 + 10*float32(i)
		net.Param("bn.running_mean").Data[i] = 1000 + 10*float32(i)
		net.Param("bn.running_var").Data[i] = 0.01
	}
	if err := r.RecordLayers(m.Imported); err != nil {
		t.Fatal(err)
	}
	r.Expected, r.Layers, r.LayerOrder = r.Layers, nil, nil
	bn := r.Expected["bn"]
	for i, x := range r.Expected["conv"].Data { // as PyTorch computes it, by a factor and an offset
		c := i / 100 % 6
		factor := float32(1 / math.Sqrt(float64(net.Param("bn.running_var").Data[c])+1e-5))
		offset := -net.Param("bn.running_mean").Data[c] * factor
		bn.Data[i] = float32(x*factor) + offset
	}
	wrong := nn.NewTensor(2, 5)
	copy(wrong.Data, r.Expected["dense"].Data)
	wrong.Data[0] += 1
	r.Expected["dense"], r.Expected[m.Imported.Output] = wrong, wrong
	got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{Why: true})
	of := func() parity.Layer {
		return got.Layers[slices.IndexFunc(got.Layers, func(l parity.Layer) bool { return l.Layer == "bn" })]
	}
	if l := of(); l.Verdict != parity.Equal || l.Isolated.Equal || l.Note == "" {
		t.Errorf("%s: %+v", l.Verdict, l.Isolated)
	}
	if got.FirstWrong == nil || got.FirstWrong.Own != "dense" {
		t.Errorf("first wrong %+v: %s", got.FirstWrong, got.Answer)
	}
	for i := range bn.Data {
		bn.Data[i] *= 1.02
	}
	if got = compareLayers(t, m.Graph, m.Imported, r, parity.Options{}); of().Verdict != parity.Wrong {
		t.Errorf("off by 2 %%, it is %s", of().Verdict)
	}
}

// A layer for which NaN was recorded is not the first wrong one, nor are those behind it, if these
// give what was recorded without it.
func TestRecordedNaNAccusesNobody(t *testing.T) {
	m, r := cube(t)
	r.Expected["conv1"].Data[7] = float32(math.NaN())
	r.Expected[m.Imported.Output] = r.Expected["dense"]
	got := compareLayers(t, m.Graph, flipped(t, m, "conv2").Imported, r, parity.Options{Why: true})
	for _, l := range got.Layers {
		if (l.Verdict == parity.Wrong) != (l.Layer == "conv1" || l.Layer == "conv2") {
			t.Errorf("%s is %s", l.Layer, l.Verdict)
		}
	}
	if got.FirstWrong == nil || got.FirstWrong.Own != "conv2" {
		t.Errorf("first wrong %+v: %s", got.FirstWrong, got.Answer)
	}
}

// A layer whose recorded value was placed by its order is the first wrong one only if no other is.
func TestGuessedLayersComeLast(t *testing.T) {
	m, r := cube(t)
	r.Expected["my_map"] = nn.NewTensor(2, 12, 12, 12)
	for i := range r.Expected["my_map"].Data {
		r.Expected["my_map"].Data[i] = float32(i%7) - 3
	}
	delete(r.Expected, "act1")
	r.Order[slices.Index(r.Order, "act1")] = "my_map"
	r.Expected[m.Imported.Output] = r.Expected["dense"]
	got := compareLayers(t, m.Graph, flipped(t, m, "conv2").Imported, r, parity.Options{})
	for _, l := range got.Layers {
		if l.Guessed != (l.Layer == "act1") || l.Guessed != strings.Contains(l.Note, "my_map") {
			t.Errorf("%s is %s, guessed %v: %q", l.Layer, l.Verdict, l.Guessed, l.Note)
		}
	}
	if f := got.FirstWrong; f == nil || f.Own != "conv2" || f.Guessed || !slices.Equal(f.With, []string{"act1"}) || !strings.Contains(got.Answer, "act1") {
		t.Errorf("first wrong %+v: %s", f, got.Answer)
	}
}

// Of a layer that gives another shape than the reference the answer says both.
func TestOtherShapesAreSaid(t *testing.T) {
	m, r := cube(t)
	r.Expected["conv2"] = nn.NewTensor(2, 12, 11, 12)
	y := nn.NewTensor(2, 5)
	r.Expected[m.Imported.Output], r.Expected["dense"] = y, y
	got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{})
	if got.FirstWrong == nil || got.FirstWrong.Own != "conv2" || !strings.Contains(got.Answer, "it gives (2, 12, 12, 12), and the reference (2, 12, 11, 12)") {
		t.Errorf("%+v: %s", got.FirstWrong, got.Answer)
	}
}

// An output that is the same for all samples is equal whatever the layers compute: that is said.
func TestAnOutputThatIsTheSameForAllSamplesIsNoted(t *testing.T) {
	m, r := normalising(t)
	r.Expected, r.Order = map[string]*nn.Tensor{m.Imported.Output: r.Expected["dense"]}, nil
	if got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{}); !got.Equal || len(got.Notes) > 0 {
		t.Errorf("%s, notes %q", got, got.Notes)
	}
	dense := m.Imported.Network.Node("dense")
	clear(dense.Params[0].Data)
	y := r.Expected[m.Imported.Output]
	for i := range y.Data {
		y.Data[i] = dense.Params[1].Data[i%5]
	}
	got := compareLayers(t, m.Graph, m.Imported, r, parity.Options{})
	if !got.Equal || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "the same for all") {
		t.Errorf("%s, notes %q", got, got.Notes)
	}
}
