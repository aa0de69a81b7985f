package match

import (
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

func conv(out, kernel int) layer.Conv {
	return layer.Conv{Out: out, Kernel: [2]int{kernel, kernel}}
}

// graphs are networks of every layer through which an order of channels goes.
var graphs = map[string]func() *nn.Builder{
	"transposed": func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{2, 5, 5}).
			Add("c", conv(6, 3)).Add("t", layer.ConvTranspose{Out: 7, Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}}).
			Add("dt", layer.ConvTranspose{Out: 14, Kernel: [2]int{2, 2}, Groups: 7}).Add("d", conv(3, 2))
	},
	"depthwise with a multiplier": func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{3, 8, 8}).
			Add("c", conv(5, 3)).Add("d", layer.Conv{Out: 15, Kernel: [2]int{3, 3}, Groups: 5}).
			Add("a", activation.Must("prelu:channel")).Add("p", conv(4, 1)).Add("f", layer.Flatten{}).Add("o", layer.Dense{Out: 3})
	},
	"groups": func() *nn.Builder {
		g := conv(12, 3)
		g.Groups = 2
		return nn.NewBuilder(nn.Shape{3, 8, 8}).
			Add("c", conv(6, 3)).Add("g", g).Add("bn", layer.BatchNorm{}).Add("p", conv(5, 1)).
			Add("t", layer.ConvTranspose{Out: 10, Kernel: [2]int{2, 2}, Groups: 5, NoBias: true}).
			Add("q", conv(4, 1)).Add("u", layer.ConvTranspose{Out: 8, Kernel: [2]int{2, 2}, Groups: 2}).Add("o", conv(2, 1))
	},
	"concatenated": func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{2, 6, 6}).
			Add("a", conv(4, 3)).Add("b", conv(3, 3), nn.InputName).Add("cat", layer.Concat{}, "a", "b", "a").
			Add("r", layer.Rescaling{Scale: activation.PerChannel, Offset: activation.One}).
			Add("bn", layer.BatchNorm{}).Add("c", conv(5, 2)).Add("cat2", layer.Concat{}, "c", "c").
			Add("f", layer.Flatten{}).Add("d", layer.Dense{Out: 6}).Add("act", activation.Must("prelu:element")).Add("o", layer.Dense{Out: 2})
	},
	"concatenated vectors": func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{7}).
			Add("a", layer.Dense{Out: 4}).Add("b", layer.Dense{Out: 3}, nn.InputName).Add("cat", layer.Concat{}, nn.InputName, "b", "a").
			Add("bn", layer.BatchNorm{}).Add("o", layer.Dense{Out: 2})
	},
	"gates": func() *nn.Builder { // squeeze and excitation
		return nn.NewBuilder(nn.Shape{2, 6, 6}).
			Add("c", conv(8, 3)).Add("s", layer.GlobalAveragePool{}).Add("f", layer.Flatten{}).
			Add("d1", layer.Dense{Out: 3}).Add("r", activation.Must("relu")).Add("d2", layer.Dense{Out: 8}).Add("g", activation.Must("sigmoid")).
			Add("up", layer.Reshape{Shape: [3]int{8, 1, 1}}).Add("m", layer.Mul{}, "c", "up").
			Add("pool", layer.AveragePool{Kernel: [2]int{2, 2}}).Add("f2", layer.Flatten{}).Add("o", layer.Dense{Out: 2})
	},
	"a sum that reads itself": func() *nn.Builder {
		same := conv(6, 3)
		same.Pads = [4]int{1, 1, 1, 1}
		return nn.NewBuilder(nn.Shape{2, 6, 6}).
			Add("c", conv(6, 3)).Add("x", same).Add("y", layer.Add{}, "c", "x").
			Add("z", same).Add("w", layer.Add{}, "z", "y", "c").
			Add("pad", layer.Pad{Pads: [4]int{1, 0, 0, 1}}).Add("mp", layer.GlobalMaxPool{}).Add("f", layer.Flatten{}).Add("o", layer.Dense{Out: 2})
	},
	"a sum with the input": func() *nn.Builder {
		same := conv(3, 3)
		same.Pads = [4]int{1, 1, 1, 1}
		return nn.NewBuilder(nn.Shape{3, 6, 6}).
			Add("x", same).Add("y", layer.Add{}, nn.InputName, "x").Add("c", conv(4, 2)).Add("o", conv(2, 5))
	},
	"sums of pieces cut alike and not": func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{2, 4, 4}).
			Add("a", conv(4, 1)).Add("b", conv(2, 1), nn.InputName).Add("c", conv(4, 1), nn.InputName).Add("d", conv(2, 1), nn.InputName).
			Add("e", conv(6, 1), nn.InputName).Add("h", conv(6, 1), nn.InputName).
			Add("ab", layer.Concat{}, "a", "b").Add("cd", layer.Concat{}, "c", "d").Add("alike", layer.Add{}, "ab", "cd").
			Add("ef", layer.Concat{}, "b", "c").Add("not", layer.Add{}, "ef", "e").
			Add("all", layer.Concat{}, "alike", "not", "h").Add("o", conv(3, 2))
	},
	"maps out of vectors": func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{5}).
			Add("d", layer.Dense{Out: 12}).Add("m", layer.Reshape{Shape: [3]int{3, 2, 2}}).Add("c", conv(6, 2)).
			Add("dr", layer.Dropout{Rate: 0.5}).Add("f", layer.Reshape{Shape: [3]int{2, 3, 0}}).Add("f2", layer.Flatten{}).Add("o", layer.Dense{Out: 2}).Add("s", layer.LogSoftmax{})
	},
	"two outputs": func() *nn.Builder {
		return nn.NewBuilder(nn.Shape{2, 5, 5}).
			Add("c", conv(6, 3)).Add("a", conv(4, 3)).Add("b", conv(3, 2), "c").Outputs("c", "a", "b")
	},
}

// An order goes through every layer: what a copy computes is the same, and it is found again.
func TestExchangedChannelsOfLayers(t *testing.T) {
	for name, build := range graphs {
		t.Run(name, func(t *testing.T) {
			net, err := build().Build()
			if err != nil {
				t.Fatal(err)
			}
			random(net, 5)
			other, _ := exchanged(net, rand.New(rand.NewPCG(2, 2)))
			if net.CheckSingle() == nil {
				sameAnswers(t, net, other)
			}
			r, err := Networks(net, other)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Equal || r.MaxError != 0 || len(r.Notes) > 0 {
				t.Errorf("equal %v, error %g, notes %q, layers %+v", r.Equal, r.MaxError, r.Notes, r.Layers)
			}
		})
	}
}

// What an order may be is as much as the network allows: outputs stay, groups stay, sums share
// one.
func TestOrdersThatAreLeftOpen(t *testing.T) {
	for name, want := range map[string]string{
		"transposed":                       "c 6, t 7, d fixed",
		"depthwise with a multiplier":      "c 5, p 4, o fixed",
		"groups":                           "c fixed, g 12/6, p 5, q fixed, u 8/4, o fixed",
		"concatenated":                     "a 4, b 3, c 5, d 6, o fixed",
		"gates":                            "c 8, d1 3, o fixed",
		"a sum that reads itself":          "c 6, o fixed",
		"a sum with the input":             "x fixed, c 4, o fixed",
		"sums of pieces cut alike and not": "a fixed, b fixed, e fixed, h 6, o fixed",
		"maps out of vectors":              "d fixed, c fixed, o fixed",
		"two outputs":                      "c fixed, a fixed, b fixed",
	} {
		net, err := graphs[name]().Build()
		if err != nil {
			t.Fatal(err)
		}
		if got := openOrders(net); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
