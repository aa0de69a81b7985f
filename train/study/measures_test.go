package study

import (
	"context"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// pictures are small grey ones of three classes, followed by their inverses.
func pictures(t *testing.T, n int) nn.Samples {
	t.Helper()
	pixels, labels := make([]byte, 16*n), make([]int, n)
	for i := range pixels {
		pixels[i] = byte(i * i * 7)
	}
	for i := range labels {
		labels[i] = i % 3
	}
	img, err := data.NewImages(nn.Shape{1, 4, 4}, pixels, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	return data.Inverted(img)
}

func network(t *testing.T, act string) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 4, 4}, layer.Conv{Out: 4, Kernel: [2]int{3, 3}}, activation.Must(act), layer.Flatten{}, layer.Dense{Out: 3})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	return net
}

// The symmetry of a linear network is exact but for rounding.
func TestEvenness(t *testing.T) {
	set := pictures(t, 30)
	for _, c := range []struct {
		act    string
		linear bool
	}{{"leaky:1", true}, {"linear", true}, {"leaky:0.5", false}, {"relu", false}, {"leaky:-1", false}} {
		z, err := network(t, c.act).Predict(set, 1)
		if err != nil {
			t.Fatal(err)
		}
		if e := evennessOf(z); (e.Deviation < 1e-5) != c.linear || (e.Even < 1e-9) != c.linear {
			t.Errorf("%s: %+v", c.act, e)
		}
	}
	for _, c := range []struct {
		z    []float32 // two pictures, their inverses; one class
		want evenness
	}{
		{[]float32{1, -2, 1, -2}, evenness{1.5, 1}},     // even: z(x) = z(1−x); sums 2 and −4, mean −1
		{[]float32{1, 3, 5, 3}, evenness{0, 0}},         // z(x) + z(1−x) = 6
		{[]float32{1, 3, 0, 0}, evenness{1.0 / 3, 0.5}}, // sums and differences 1 and 3
		{[]float32{0, 0, 0, 0}, evenness{0, 0}},
	} {
		e := evennessOf(&nn.Tensor{Shape: []int{4, 1}, Data: c.z})
		if math.Abs(e.Deviation-c.want.Deviation) > 1e-12 || math.Abs(e.Even-c.want.Even) > 1e-12 {
			t.Errorf("%v: %+v, want %+v", c.z, e, c.want)
		}
	}
}

func TestConstantAnswer(t *testing.T) {
	accuracy, loss := constantAnswer(pictures(t, 30))
	if math.Abs(accuracy-1.0/3) > 1e-12 || math.Abs(loss-math.Log(3)) > 1e-12 {
		t.Errorf("three classes alike: %v, %v", accuracy, loss)
	}
}

// identity passes two numbers to an activation with biases.
func identity(t *testing.T, act string, bias float32) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 1, 1}, layer.Flatten{}, layer.Dense{Out: 1}, activation.Must(act), layer.Dense{Out: 1})
	if err != nil {
		t.Fatal(err)
	}
	net.Params()[0].Data[0], net.Params()[1].Data[0] = 1, bias
	return net
}

// Units with z = x + bias, for the pictures 0, 51 and 102 of 255 and their inverses 1, 0.8, 0.6.
func TestUnits(t *testing.T) {
	img, err := data.NewImages(nn.Shape{1, 1, 1}, []byte{0, 51, 102}, []int{0, 1, 2}, 3)
	if err != nil {
		t.Fatal(err)
	}
	set := data.Inverted(img)
	for _, c := range []struct {
		act  string
		bias float32
		want unitsOf
	}{
		{"leaky:1", 0.1, unitsOf{Agreement: -1}},
		{"leaky:-1", -0.5, unitsOf{DeadDigits: 1, Agreement: 1}},
		{"relu", -0.5, unitsOf{DeadDigits: 1, SilentDigits: 1}},
		{"relu", -0.3, unitsOf{SilentDigits: 2.0 / 3, Agreement: -math.Sqrt(3) / 2}},
		{"relu", -2, unitsOf{DeadDigits: 1, DeadInverses: 1, DeadBoth: 1, SilentDigits: 1, SilentInverses: 1}},
	} {
		all, err := measureUnits(context.Background(), identity(t, c.act, c.bias), set, 1)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		got := all[0]
		c.want.Layer, c.want.Units = got.Layer, 1
		if math.Abs(got.Agreement-c.want.Agreement) < 1e-5 {
			got.Agreement = c.want.Agreement
		}
		if got != c.want {
			t.Errorf("%s, bias %g: %+v, want %+v", c.act, c.bias, got, c.want)
		}
	}
}

func TestSwishDistances(t *testing.T) {
	last := math.Inf(1)
	for _, beta := range []float64{0, 0.1, 1, 10, 100} {
		d := distances(beta)
		if d.ReLU >= last {
			t.Errorf("β = %g: the distance from ReLU is %g, and with a smaller β %g", beta, d.ReLU, last)
		}
		if beta >= 1 && math.Abs(d.ReLU*beta-0.2785) > 1e-3 {
			t.Errorf("β = %g: the distance from ReLU is %g/β", beta, d.ReLU*beta)
		}
		last = d.ReLU
	}
	if d := distances(0); d.Linear != 0 {
		t.Errorf("β = 0: %g from x/2", d.Linear)
	}
}

func TestMishForms(t *testing.T) {
	for _, x := range []float64{-1e30, -800, -20, -1.19, -1e-20, 0, 1e-20, 1, 30, 800, 1e30} {
		a, b := mishProduct(x), mishClosed(x)
		if !(math.Abs(a-b) < 1e-14) {
			t.Errorf("x = %g: %g and %g", x, a, b)
		}
	}
	if v := mishProduct(0); math.Abs(v-0.6) > 1e-15 { // tanh(ln 2)
		t.Errorf("Mish'(0) = %g", v)
	}
	if v := mishNaive(30); v-v == 0 {
		t.Errorf("the closed form in float32 at 30 is %g", v)
	}
}

func TestZerosOf(t *testing.T) {
	zeros, dead := zerosOf(&nn.Tensor{Shape: []int{2, 4}, Data: []float32{0, 1, 0, 2, 0, 0, 3, 4}})
	if zeros != 0.5 || dead != 0.25 {
		t.Errorf("%v, %v", zeros, dead)
	}
}

// The gradients of a linear network of one unit a layer are known.
func TestDeepNetworkScales(t *testing.T) {
	set := pictures(t, 20)
	var last float64
	for _, factor := range []float32{0.5, 1, 2} {
		net, err := deepNetwork(set.Shape(), 3, "relu", 1, factor)
		if err != nil {
			t.Fatal(err)
		}
		d, err := startOf(net, set, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Gradients) != hiddenLayers || d.Gradients[0] <= last {
			t.Errorf("weights times %g: gradients %v, before %g", factor, d.Gradients, last)
		}
		last = d.Gradients[0]
	}
}

func TestOutside(t *testing.T) {
	near := []float64{0.98, 1.0, 1.02}
	far := []float64{1.98, 2.0, 2.02}
	r := tableRow{Act: "relu", Published: []float64{1, 1, 1, 1, 1, 1}, Values: [][]float64{near, far, near, near, far, near}}
	if got := r.outside(); len(got) != 1 || got[0] != "test loss" {
		t.Errorf("%q", got) // the train accuracy agrees as a running mean
	}
	n := &publishedNumbers{Acts: []tableRow{r}, Experiments: []experiment{
		{Name: "none", Acts: []tableRow{r}},
		{Name: "other", Acts: []tableRow{{Act: "relu", Published: r.Published, Values: [][]float64{near, near, near, near, near, near}}}},
	}}
	if left, by := n.explained("relu", r.outside()); len(left) != 0 || len(by) != 1 || by[0] != "other" {
		t.Errorf("left %q, by %q", left, by)
	}
}

func TestUnion(t *testing.T) {
	g := sweep.Grid{Axes: []sweep.Axis{{Setting: "act", Values: []string{"relu", "mish"}}}, Seeds: []uint64{1, 2}}
	old := sweep.Grid{Axes: []sweep.Axis{{Setting: "act", Values: []string{"swish", "relu"}}}, Seeds: []uint64{2, 5}}
	u := union(g, old)
	if len(u.Axes[0].Values) != 3 || u.Axes[0].Values[0] != "swish" || len(u.Seeds) != 3 || u.Seeds[2] != 5 || len(g.Axes[0].Values) != 2 {
		t.Errorf("%+v", u)
	}
}

// A network of a figure that has none to draw is not an error: a training may have diverged.
func TestAllDiverged(t *testing.T) {
	n := &dyingNumbers{Rates: []dyingRate{{Rate: 1, Diverged: 2}}, Factors: []dyingFactor{{Factor: 1, Starts: []deepStart{{Gradients: []float64{1}, Dead: []float64{0}}}}}}
	f := &Finding{Commands: []string{""}}
	n.tell(f)
	if _, err := f.Figures[0].SVG(plot.Light); err != nil || f.Verdict != Fails {
		t.Errorf("%s, %v", f.Verdict, err)
	}
}
