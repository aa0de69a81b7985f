package nn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

func initializer(t *testing.T, name string) nn.Initializer {
	t.Helper()
	i, err := nn.ParseInitializer(name)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// everyRole has a parameter of each role.
func everyRole(t *testing.T) *nn.Network {
	return build(t, nn.Shape{4, 12, 12},
		layer.Conv{Out: 8, Kernel: [2]int{5, 5}, Groups: 2}, activation.Must("prelu:channel"),
		layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, activation.Must("swish-beta:one"),
		layer.Flatten{}, layer.Dense{Out: 50}, activation.Must("prelu:one:-0.5"), layer.Dense{Out: 10})
}

func TestInitializersKeepTheirBounds(t *testing.T) {
	for name, bounds := range map[string]map[string]float64{
		// 1/√fan-in
		"pytorch": {
			"conv1.weight": 1 / math.Sqrt(2*25), "conv1.bias": 1 / math.Sqrt(2*25),
			"conv2.weight": 1 / math.Sqrt(8*9), "conv2.bias": 1 / math.Sqrt(8*9),
			"dense1.weight": 1 / math.Sqrt(144), "dense1.bias": 1 / math.Sqrt(144),
			"dense2.weight": 1 / math.Sqrt(50), "dense2.bias": 1 / math.Sqrt(50),
		},
		// √(6/(fan-in + fan-out)), fan-out as Keras counts it: filters × kernel area
		"keras": {
			"conv1.weight": math.Sqrt(6. / (2*25 + 8*25)), "conv1.bias": 0,
			"conv2.weight": math.Sqrt(6. / (8*9 + 4*9)), "conv2.bias": 0,
			"dense1.weight": math.Sqrt(6. / (144 + 50)), "dense1.bias": 0,
			"dense2.weight": math.Sqrt(6. / (50 + 10)), "dense2.bias": 0,
		},
	} {
		net := everyRole(t)
		net.Init(initializer(t, name), 1)
		for param, bound := range bounds {
			v := net.Param(param).Data
			top, mean := 0.0, 0.0
			for _, x := range v {
				top = max(top, math.Abs(float64(x)))
				mean += float64(x) / float64(len(v))
			}
			if top > bound*(1+1e-7) {
				t.Errorf("%s: %s reaches %g, its bound is %g", name, param, top, bound)
			}
			// Of 100 and more uniform values the largest is above 0.9 of the bound, and
			// the mean within 4 deviations, bound/√(3n), of 0.
			if len(v) >= 100 && (top < 0.9*bound || math.Abs(mean) > 4*bound/math.Sqrt(3*float64(len(v)))) {
				t.Errorf("%s: %s reaches %g with mean %g, not uniform in ±%g", name, param, top, mean, bound)
			}
			if bound > 0 && norm(v) == 0 {
				t.Errorf("%s: %s is zero", name, param)
			}
		}
	}
}

func TestSlopesAndBetasStartWhereTheyMust(t *testing.T) {
	for name, slope := range map[string]float32{"pytorch": 0.25, "keras": 0} {
		net := everyRole(t)
		net.Init(initializer(t, name), 1)
		for param, want := range map[string]float32{"act1.alpha": slope, "act2.beta": 1, "act3.alpha": -0.5} {
			for _, v := range net.Param(param).Data {
				if v != want {
					t.Errorf("%s: %s starts at %g, want %g", name, param, v, want)
					break
				}
			}
		}
	}
}

func TestTheSeedAloneDecides(t *testing.T) {
	for _, i := range nn.Initializers {
		a, b, c := everyRole(t), everyRole(t), everyRole(t)
		randomize(b, 9) // what was there before does not matter
		a.Init(i, 7)
		b.Init(i, 7)
		c.Init(i, 8)
		if !slices.Equal(values(a), values(b)) {
			t.Errorf("%s: one seed gives two networks", i.Name)
		}
		if slices.Equal(values(a), values(c)) {
			t.Errorf("%s: two seeds give one network", i.Name)
		}
	}
}

// The stream must never change by accident: old runs would not repeat.
func TestTheFirstValuesOfASeed(t *testing.T) {
	for name, want := range map[string][]float32{
		"pytorch": {-0.2930946, 0.30631924, -0.09228803, 0.16212545, 0.5291966, -0.33874005, 0.35682362, -0.13097295},
		"keras":   {-0.55610794, 0.5811999, -0.17510423, 0.30761144, 1.0040799, -0.6427141, 0, 0},
	} {
		net := build(t, nn.Shape{3}, layer.Dense{Out: 2})
		net.Init(initializer(t, name), 42)
		if got := values(net); !slices.Equal(got, want) {
			t.Errorf("%s: seed 42 gives %v, want %v", name, got, want)
		}
	}
}

func TestParseInitializerRefusesOthers(t *testing.T) {
	_, err := nn.ParseInitializer("zeros")
	wantError(t, err, `unknown initialiser "zeros"`, "pytorch or keras")
}
