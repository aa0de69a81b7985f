package match

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// Filters that are zero or equal to others are told apart by what reads them and by the values
// of their channels.
func TestFiltersThatAreAlike(t *testing.T) {
	for _, act := range []string{"relu", "prelu:channel"} {
		net := presetOf(t, "vgg8", act, nn.Shape{1, 16, 16}, 6)
		for _, name := range []string{"conv1.weight", "conv3.weight"} {
			p := net.Param(name)
			size := len(p.Data) / p.Shape[0]
			clear(p.Data[:3*size])
			copy(p.Data[4*size:5*size], p.Data[5*size:])
		}
		other, _ := exchanged(net, rand.New(rand.NewPCG(8, 8)))
		if r := compared(t, net, other); !r.Equal || r.MaxError != 0 || r.Layers[0].After < 1-1e-9 {
			t.Errorf("%s: equal %v, error %g, %+v", act, r.Equal, r.MaxError, r.Layers[0])
		}
	}
}

// Weights that are not finite, or nearly too large, neither hang nor spoil the rest.
func TestWeightsThatAreNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, v := range map[string]float32{"NaN": nan, "+Inf": inf, "-Inf": -inf, "the largest": math.MaxFloat32, "the smallest": math.SmallestNonzeroFloat32} {
		for _, where := range []string{"conv1.weight", "conv1.bias", "act1.alpha", "dense.weight"} {
			net := presetOf(t, "study", "prelu:channel", nn.Shape{1, 16, 16}, 2)
			p := net.Param(where)
			for i := range p.Data {
				if i%3 == 0 {
					p.Data[i] = v
				}
			}
			other, _ := exchanged(net, rand.New(rand.NewPCG(4, 4)))
			r := compared(t, net, other)
			if !r.Equal || r.MaxError != 0 {
				t.Errorf("%s in %s: equal %v, error %g", name, where, r.Equal, r.MaxError)
			}
			broken := !isFinite(v) && where != "act1.alpha"
			if noted := strings.Contains(strings.Join(r.Notes, " "), "weights are not finite"); noted != broken {
				t.Errorf("%s in %s: notes %q", name, where, r.Notes)
			}
			clean := presetOf(t, "study", "prelu:channel", nn.Shape{1, 16, 16}, 2)
			if r := compared(t, net, clean); r.Equal || !isFinite(v) && !math.IsInf(r.MaxError, 1) {
				t.Errorf("%s in %s beside finite weights: equal %v, error %g", name, where, r.Equal, r.MaxError)
			}
		}
	}
	net := presetOf(t, "vgg8", "prelu", nn.Shape{1, 8, 8}, 2)
	for _, p := range net.Params() {
		for i := range p.Data {
			p.Data[i] = nan
		}
	}
	if r := compared(t, net, net.Clone()); !r.Equal || r.MaxError != 0 {
		t.Errorf("all NaN: %+v", r)
	}
}

// Networks that have nothing to do with each other are not made alike.
func TestIndependentNetworks(t *testing.T) {
	for _, name := range []string{"vgg8", "resnet20", "mobilenet-small"} {
		a := presetOf(t, name, "prelu:channel", nn.Shape{1, 16, 16}, 1)
		b := presetOf(t, name, "prelu:channel", nn.Shape{1, 16, 16}, 2)
		r := compared(t, a, b)
		if r.Equal || r.MaxError == 0 {
			t.Errorf("%s: equal %v, error %g", name, r.Equal, r.MaxError)
		}
		for _, l := range r.Layers {
			length := l.ShapeA[1:].Size()
			if l.After < l.Before-0.05 {
				t.Errorf("%s %s: %.3f before and %.3f after", name, l.A, l.Before, l.After)
			}
			if len(l.Perm) >= 16 && math.Abs(l.After-l.Chance) > 0.12 {
				t.Errorf("%s %s: similarity %.3f of random weights, %.3f by chance", name, l.A, l.After, l.Chance)
			}
			if length >= 128 && (l.After > 0.35 || l.Alike > 0) {
				t.Errorf("%s %s: similarity %.3f, %d alike, of filters of %d random weights", name, l.A, l.After, l.Alike, length)
			}
		}
		for _, act := range r.Activations {
			if act.Values >= 64 && math.Abs(act.Correlation) > 0.5 {
				t.Errorf("%s %s: random slopes correlate by %.2f", name, act.A, act.Correlation)
			}
		}
	}
}

// A copy with a little noise is still matched.
func TestNoise(t *testing.T) {
	net := presetOf(t, "resnet20", "prelu:channel", nn.Shape{1, 16, 16}, 1)
	other, perms := exchanged(net, rand.New(rand.NewPCG(5, 5)))
	rng := rand.New(rand.NewPCG(6, 6))
	for _, p := range other.Params() {
		for i := range p.Data {
			p.Data[i] *= 1 + 0.2*float32(rng.NormFloat64())
		}
	}
	r := compared(t, net, other)
	for _, l := range r.Layers {
		for i, j := range perms[l.A] {
			if l.Perm[i] != int(j) {
				t.Fatalf("%s: channel %d is matched with %d, want %d", l.A, i, l.Perm[i], j)
			}
		}
		if r.Equal || l.After < 0.95 || l.Alike != len(l.Perm) {
			t.Errorf("%s: %+v", l.A, l)
		}
	}
	for _, act := range r.Activations {
		if act.Values == 0 || act.Correlation < 0.9 {
			t.Errorf("slopes of %s correlate by %.3f over %d values", act.A, act.Correlation, act.Values)
		}
	}
}

// stranger is a layer that match does not know.
type stranger struct{ activation.Layer }

func (stranger) Kind() string { return "Stranger" }

func TestUnknownLayersKeepTheirChannels(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{1, 6, 6}, conv(4, 3), stranger{activation.Must("relu")}, conv(5, 3), layer.Flatten{}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	r := compared(t, random(net, 1), net.Clone())
	if !r.Equal || !r.Layers[0].Fixed || r.Layers[1].Fixed || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "Stranger") {
		t.Errorf("%+v", r)
	}
}

// More channels than can be assigned in good time stay in order.
func TestTooManyChannels(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{2}, layer.Dense{Out: mostChannels + 1}, layer.Dense{Out: 3}, layer.Dense{Out: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := compared(t, random(net, 1), net.Clone())
	if !r.Equal || !r.Layers[0].Fixed || r.Layers[1].Fixed || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "at most 2048") {
		t.Errorf("%+v", r.Notes)
	}
}

// Wide layers are matched by a part of their weights.
func TestWideLayers(t *testing.T) {
	defer func(work int64) { mostWork = work }(mostWork)
	mostWork = 1 << 20
	net, err := nn.Sequential(nn.Shape{3000}, layer.Dense{Out: 40}, activation.Must("relu"), layer.Dense{Out: 100, NoBias: true}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	other, _ := exchanged(random(net, 1), rand.New(rand.NewPCG(1, 1)))
	f := structureOf(net).filters["dense1"]
	wide := &term{paired: &paired{filters: f, first: &bank{}}, segment: f.to[0]}
	if got := wide.compared(40); got != chunk || wide.width() != 3000 {
		t.Errorf("%d of %d weights are compared", got, wide.width())
	}
	if r := compared(t, net, other); !r.Equal || r.Layers[0].Moved == 0 {
		t.Errorf("%+v", r)
	}
}

// The result does not depend on the number of goroutines.
func TestWorkers(t *testing.T) {
	a := presetOf(t, "resnet20", "prelu", nn.Shape{1, 16, 16}, 1)
	b := presetOf(t, "resnet20", "prelu", nn.Shape{1, 16, 16}, 2)
	want := compared(t, a, b)
	for _, n := range []int{1, 3} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
		if r := compared(t, a, b); !reflect.DeepEqual(r, want) {
			t.Errorf("%d goroutines give another result", n)
		}
	}
}

// Layers of 512 channels, as of VGG.
func BenchmarkVGG512(b *testing.B) {
	var layers []nn.Layer
	for _, out := range []int{64, 128, 256, 512, 512, 512} {
		layers = append(layers, layer.Conv{Out: out, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}, layer.BatchNorm{}, activation.Must("prelu:channel"))
	}
	layers = append(layers, layer.MaxPool{Kernel: [2]int{4, 4}}, layer.Flatten{}, layer.Dense{Out: 512}, activation.Must("relu"), layer.Dense{Out: 10})
	benchmark(b, func(seed uint64) *nn.Network {
		net, err := nn.Sequential(nn.Shape{3, 16, 16}, layers...)
		if err != nil {
			b.Fatal(err)
		}
		return random(net, seed)
	})
}

func BenchmarkVGG8(b *testing.B) {
	benchmark(b, func(seed uint64) *nn.Network { return presetOf(b, "vgg8", "prelu", nn.Shape{3, 32, 32}, seed) })
}

func BenchmarkResNet20(b *testing.B) {
	benchmark(b, func(seed uint64) *nn.Network { return presetOf(b, "resnet20", "prelu", nn.Shape{3, 32, 32}, seed) })
}

func benchmark(b *testing.B, build func(seed uint64) *nn.Network) {
	x, y := build(1), build(2)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Networks(x, y); err != nil {
			b.Fatal(err)
		}
	}
}
