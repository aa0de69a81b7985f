package bench

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// pictures are samples of the study's size.
func pictures(t *testing.T, n int) nn.Samples {
	t.Helper()
	x := nn.NewTensor(n, 1, 28, 28)
	copy(x.Data, numbers(len(x.Data)))
	labels := make([]int, n)
	for i := range labels {
		labels[i] = i % 10
	}
	s, err := nn.NewTensorSamples(x, labels, 10)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// brief is a config that measures as little as there is to measure.
func brief() Config {
	return Config{Batch: 16, Batches: Batches, Workers: []int{1, 2}, Seconds: 1e-9}
}

// study is the study's network with data for it.
func study(t *testing.T, act string, samples int) Subject {
	t.Helper()
	a := activation.Must(act)
	a.Kink = nn.Keras
	net, err := preset.Build("study", nn.Shape{1, 28, 28}, 10, a)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 1)
	return Subject{Act: act, Net: net, Fit: net, Loss: loss.CrossEntropy{}, Data: pictures(t, samples)}
}

// The study's network takes 4.0 MFLOP a training sample: no gradient of the pictures,
// and the same for every activation.
func TestFLOPsOfTheStudy(t *testing.T) {
	for _, act := range Acts {
		net := study(t, act, 1).Net
		if got := ForwardFLOPs(net); got != 2*734048 {
			t.Errorf("%s: %d FLOPs forward, want 2·734,048", act, got)
		}
		if got, want := TrainFLOPs(net), 4*189728+6*518400+6*25920; got != want {
			t.Errorf("%s: %d FLOPs a training sample, want %d", act, got, want)
		}
	}
}

// A layer behind others that have no parameters needs no gradient of its input.
func TestFLOPsBehindAFlatten(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{1, 4, 4}, activation.Must("relu"), layer.Flatten{}, layer.Dense{Out: 3}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := TrainFLOPs(net), 4*16*3+6*3*2; got != want {
		t.Errorf("%d FLOPs, want %d", got, want)
	}
}

// A frozen layer has no gradient, and those behind it none of their input.
func TestFLOPsOfFrozenLayers(t *testing.T) {
	net, err := nn.Sequential(nn.Shape{4}, layer.Dense{Out: 3}, layer.Dense{Out: 2}, layer.Dense{Out: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(net.Nodes()[0].Params, net.Nodes()[2].Params...) {
		p.Frozen = true
	}
	if got, want := TrainFLOPs(net), 2*4*3+4*3*2+4*2*5; got != want {
		t.Errorf("%d FLOPs, want %d", got, want)
	}
}

func TestTrainRowsAgreeWithThemselves(t *testing.T) {
	// Beside a busy neighbour a ratio of two slices may be anything, but not this each time.
	strange := func(r TrainRow) bool { return !(r.ShareOfPeak > 1e-3 && r.ShareOfPeak < 10) }
	var rows []TrainRow
	for try := 0; try == 0 || try < 3 && slices.ContainsFunc(rows, strange); try++ {
		var err error
		if rows, err = Train(study(t, "prelu:channel", 150), brief()); err != nil {
			t.Fatal(err)
		}
	}
	if len(rows) != 2 || rows[0].Workers != 1 || rows[1].Workers != 2 || rows[0].Speedup != 1 {
		t.Fatalf("rows %+v", rows)
	}
	for _, r := range rows {
		if gflops := r.SamplesPerS * 4.024832e-3; math.Abs(r.GFLOPS/gflops-1) > 1e-9 {
			t.Errorf("%+v: %v GFLOP/s, want %v", r, r.GFLOPS, gflops)
		}
		if strange(r) || r.Act != "prelu:channel" || r.Batch != 16 {
			t.Errorf("%+v", r)
		}
	}
}

func TestTrainingWithWrongNumbersIsAnError(t *testing.T) {
	s, c := study(t, "mish", 150), brief()
	s.Data.(*nn.TensorSamples).X.Data[5] = float32(math.NaN())
	c.Batch = 150 // has the sample
	const want = "training with mish: the loss of step 1 is NaN"
	if rows, err := Train(s, c); err == nil || rows != nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, %v", rows, err)
	}
	if l, err := TrainLayers(s, c); err == nil || l != nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, %v", l, err)
	}
}

func TestInferRows(t *testing.T) {
	rows, err := Infer(study(t, "leaky:-0.5", 150), brief())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(Batches) {
		t.Fatalf("rows %+v", rows)
	}
	for i, r := range rows {
		if r.Batch != Batches[i] || math.Abs(r.US*r.SamplesPerS/1e6/float64(r.Batch)-1) > 1e-9 || !(r.ShareOfPeak > 0) {
			t.Errorf("%+v", r)
		}
	}
	if _, err := Infer(study(t, "mish", 100), brief()); err == nil || !strings.Contains(err.Error(), "128 needs as many samples, the data has 100") {
		t.Error(err)
	}
}

// Inference outside package nn has a time, and no share of the peak.
func TestInferByForward(t *testing.T) {
	calls := 0
	s := Subject{Forward: func(n int) (func() error, error) {
		return func() error {
			calls += n
			return nil
		}, nil
	}}
	c := brief()
	c.Batches = []int{7}
	rows, err := Infer(s, c)
	if err != nil || len(rows) != 1 || rows[0].Batch != 7 || rows[0].ShareOfPeak != 0 || !(rows[0].US > 0) || calls < 7*minRounds {
		t.Errorf("%+v, %d samples, %v", rows, calls, err)
	}
	broken := errors.New("broken")
	s.Forward = func(int) (func() error, error) { return nil, broken }
	if _, err := Infer(s, c); err != broken {
		t.Errorf("error %v", err)
	}
}

func TestPeaksAreOfEveryBackend(t *testing.T) {
	machine, err := ThisMachine()
	if err != nil {
		t.Fatal(err)
	}
	peaks, err := Peaks([]int{1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range peaks {
		names = append(names, p.Kernels)
		if !(p.GFLOPS > 0.01 && p.ProbeGFLOPS > 0.01 && p.ProbeShare > 0.01) || p.Workers != 1 {
			t.Errorf("%+v", p)
		}
	}
	if got, want := len(names), len(machine.Available); got != want || names[0] != machine.Kernels {
		t.Errorf("peaks of %v, the machine has %v and uses %s", names, machine.Available, machine.Kernels)
	}
}

// Every kernel of the list does one call, and has FLOPs or elements.
func TestKernelCasesRun(t *testing.T) {
	cases, err := kernelCases()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, k := range cases {
		if (k.flops > 0) == (k.elements > 0) {
			t.Errorf("%s %s: %d FLOPs, %d elements", k.name, k.shape, k.flops, k.elements)
		}
		if id := k.name + k.shape; seen[id] {
			t.Errorf("%s is there twice", id)
		} else {
			seen[id] = true
		}
		if strings.Contains(k.shape, "256") { // takes its time without assembly
			continue
		}
		if got, err := k.load(2)[1](); got != 1 || err != nil {
			t.Errorf("%s: %v calls, %v", k.name, got, err)
		}
	}
	for _, name := range activation.Names() {
		for _, way := range []string{"forward", "backward"} {
			if !measures(cases, name, way) {
				t.Errorf("no %s loop of %s is measured", way, name)
			}
		}
	}
}

// measures reports whether one of the cases is an activation with any parameter, one way.
func measures(cases []kernelCase, act, way string) bool {
	for _, k := range cases {
		spelled, w, _ := strings.Cut(k.name, " ")
		if name, _, _ := strings.Cut(spelled, ":"); name == act && w == way {
			return true
		}
	}
	return false
}

// FLOPs of a convolution are those of the definition, counted one by one.
func TestFLOPsOfPaddedConvolutions(t *testing.T) {
	for _, c := range []struct{ in, out, size, pad, want int }{
		{28, 22, 7, 0, 22 * 7}, {8, 8, 3, 1, 22}, {8, 8, 1, 0, 8}, {2, 4, 3, 2, 6},
	} {
		if got := overlaps(c.in, c.out, c.size, c.pad); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	k := convCases("conv", square(64, 64, 16, 3, 1))[0]
	if want := 2 * 16 * 64 * 64 * 46 * 46; k.flops != want {
		t.Errorf("%d FLOPs, want %d", k.flops, want)
	}
}

func TestRatesAndMedians(t *testing.T) {
	m := measured{{1, 2, 8}, {2, 2, 2}}
	if m.rate(0) != 2 || m.ratio(0, 1) != 1 {
		t.Errorf("rate %v, ratio %v", m.rate(0), m.ratio(0, 1))
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median %v", got)
	}
	// Two tasks at once that do nothing but wait give at most twice the rate of one; how much
	// less, the load of the machine says.
	wait := func() (float64, error) {
		time.Sleep(10 * time.Millisecond)
		return 1, nil
	}
	two, err := load{wait, wait}.rate(50 * time.Millisecond)
	if err != nil || two > 200 || two <= 0 {
		t.Errorf("two waiters: %v a second, %v", two, err)
	}
	broken := errors.New("broken")
	if _, err := alternate(0, load{wait}, load{wait, func() (float64, error) { return 0, broken }}); err != broken {
		t.Errorf("error %v", err)
	}
}

// Measuring fixes the parameters of a copy.
func TestMeasuredNetworkSeesNewParameters(t *testing.T) {
	net := forked(t)
	s := Subject{Net: net, Fit: net, Loss: loss.CrossEntropy{}, Data: colours(t, 20)}
	c := Config{Batches: []int{1, 20}, Seconds: 1e-9}
	if _, err := Infer(s, c); err != nil {
		t.Fatal(err)
	}
	if _, err := InferLayers(s, c); err != nil {
		t.Fatal(err)
	}
	x, err := s.tensor(1)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		before, err := net.Forward(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range net.Params() {
			for i := range p.Data {
				p.Data[i] += 0.125
			}
		}
		if after, err := net.Forward(x); err != nil || slices.Equal(after.Data, before.Data) {
			t.Errorf("new parameters are not seen (%v)", err)
		}
	}
}
