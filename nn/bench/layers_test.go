package bench

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// forked has layers of every optional interface of package op.
func forked(t *testing.T) *nn.Network {
	t.Helper()
	b := nn.NewBuilder(nn.Shape{3, 8, 8})
	b.Add("conv", layer.Conv{Out: 16, Kernel: square2(3), Pads: [4]int{1, 1, 1, 1}, NoBias: true})
	b.Add("bn", layer.NewBatchNorm(nn.PyTorch)).Add("act", activation.Must("prelu:channel"))
	b.Add("past", layer.Conv{Out: 16, Kernel: square2(1)}, "input")
	b.Add("sum", layer.Add{}, "act", "past").Add("drop", layer.Dropout{Rate: 0.25})
	b.Add("pool", layer.MaxPool{Kernel: square2(2)}).Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: 10})
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.KerasInit, 3)
	return net
}

func square2(n int) [2]int { return [2]int{n, n} }

func colours(t *testing.T, n int) *nn.TensorSamples {
	t.Helper()
	x, labels := nn.NewTensor(n, 3, 8, 8), make([]int, n)
	copy(x.Data, numbers(len(x.Data)))
	for i := range labels {
		labels[i] = i % 10
	}
	s, err := nn.NewTensorSamples(x, labels, 10)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A network with clocks computes the same bits, in training and inference, for any number of
// blocks and workers, and all of its clocks run.
func TestClocksChangeNothing(t *testing.T) {
	data := colours(t, 70)
	for _, workers := range []int{1, 2, 3} {
		for _, batch := range []int{1, 16, 48, 50} {
			plain := forked(t)
			timed, set, err := clocked(plain, workers, batch)
			if err != nil {
				t.Fatal(err)
			}
			for _, net := range []*nn.Network{plain, timed} {
				step, err := Subject{Loss: loss.CrossEntropy{}, Data: data}.training(net, batch, workers)
				if err != nil {
					t.Fatal(err)
				}
				for range 2 {
					if _, err := step(); err != nil {
						t.Fatal(err)
					}
				}
			}
			for i, p := range plain.Params() {
				if !slices.Equal(p.Data, timed.Params()[i].Data) {
					t.Errorf("%d workers, batches of %d: another %s", workers, batch, p.FullName())
				}
			}
			checkClocks(t, plain, set, true, true)
			x := &nn.Tensor{Shape: []int{batch, 3, 8, 8}, Data: data.X.Data[:batch*3*8*8]}
			want, err1 := plain.Forward(x)
			got, err2 := timed.Forward(x)
			if err1 != nil || err2 != nil || !slices.Equal(got.Data, want.Data) {
				t.Errorf("batches of %d: another inference, %v, %v", batch, err1, err2)
			}
			checkClocks(t, plain, set, false, batch < nn.Lanes || batch%nn.Lanes == 0)
		}
	}
}

// checkClocks reads the clocks: those of layers that compute something must have run, by
// themselves or fused. Each is in one clock only, unless the batch runs by two plans.
func checkClocks(t *testing.T, net *nn.Network, set *clocks, training, onePlan bool) {
	t.Helper()
	forward, backward := make([]bool, len(net.Nodes())), make([]bool, len(net.Nodes()))
	for _, c := range set.list {
		f, b := c.read()
		for _, i := range c.layers {
			if onePlan && (f > 0 && forward[i] || b > 0 && backward[i]) {
				t.Errorf("%s is in two clocks", net.Nodes()[i].Name)
			}
			forward[i], backward[i] = forward[i] || f > 0, backward[i] || b > 0
		}
	}
	for i, node := range net.Nodes() {
		idle := node.Name == "flatten" || node.Name == "drop" && !training
		if forward[i] == idle || backward[i] != (training && !idle) {
			t.Errorf("%s, training %v: forward %v, backward %v", node.Name, training, forward[i], backward[i])
		}
	}
}

// An Op with a clock has the optional interfaces of the Op.
func TestClockedOpsKeepTheirInterfaces(t *testing.T) {
	net := forked(t)
	for _, node := range net.Nodes() {
		var in []nn.Shape
		for _, name := range node.Inputs {
			if from := net.Node(name); from != nil {
				in = append(in, from.Shape)
			} else {
				in = append(in, net.InputShape())
			}
		}
		plain, err := node.Layer.Bind(in)
		if err != nil {
			t.Fatal(err)
		}
		timed := (&clocks{workers: 1}).of(0).around(plain)
		_, splits := plain.(op.Splitter)
		s, timedSplits := timed.(op.Splitter)
		_, synchronized := plain.(op.Synchronized)
		_, timedSynchronized := timed.(op.Synchronized)
		if splits != timedSplits || synchronized != timedSynchronized {
			t.Errorf("%s: %T has other interfaces", node.Name, plain)
		}
		if timedSplits {
			if _, ok := s.Split(0, 2).(op.Synchronized); ok != synchronized {
				t.Errorf("%s: the share has other interfaces", node.Name)
			}
		}
	}
}

// fuses is an Op that fuses with any other, which it becomes.
type fuses struct {
	op.Op
	planarOp
	next any // what it was fused with last
}

type planarOp interface{ op.Planar }

func (f *fuses) Shape() op.Shape { return f.Op.Shape() }
func (f *fuses) MACs() int       { return f.Op.MACs() }

func (f *fuses) Fuse(next op.Op, _ int, training bool) (op.Op, bool) {
	f.next = next
	return next, training
}

func (f *fuses) FusePlanar(next op.Planar, at int) (op.Planar, bool) {
	f.next = next
	return next, at == 0
}

// The executor fuses layers with clocks as those without, and they get one clock.
func TestClocksOfFusedOps(t *testing.T) {
	relu, err := activation.Must("relu").Bind([]nn.Shape{{4}})
	if err != nil {
		t.Fatal(err)
	}
	set := &clocks{workers: 1}
	f := &fuses{Op: relu, planarOp: relu.(op.Planar)}
	first, second := set.of(0).around(f), set.of(1).around(relu)
	fused, ok := first.(op.Fuser).Fuse(second, 0, true)
	if _, c, _ := insideOf(fused); !ok || f.next != any(relu) || !slices.Equal(c.layers, []int{0, 1}) {
		t.Errorf("fused %v with %T", ok, f.next)
	}
	f.next = nil
	planar, ok := first.(op.PlanarFuser).FusePlanar(second.(op.Planar), 0)
	if _, c, _ := insideOf(planar); !ok || f.next != any(relu) || c != set.of(0, 1) {
		t.Errorf("fused %v with %T for single samples", ok, f.next)
	}
	if _, ok := first.(op.Fuser).Fuse(second, 0, false); ok {
		t.Error("fused in inference, which the op refuses")
	}
	if _, ok := first.(op.PlanarFuser).FusePlanar(second.(op.Planar), 1); ok {
		t.Error("fused with another input, which the op refuses")
	}
	if _, ok := second.(op.Fuser).Fuse(first, 0, true); ok {
		t.Error("an Op is fused that is no Fuser")
	}
}

func TestLayersOfBothPasses(t *testing.T) {
	net := forked(t)
	s := Subject{Net: net, Fit: net, Loss: loss.CrossEntropy{}, Data: colours(t, 48)}
	c := Config{Batch: 33, Batches: []int{1, 20}, Workers: []int{2, 1}, Seconds: 1e-9}
	before := slices.Clone(net.Params()[0].Data)
	for _, measure := range []func(Subject, Config) (*Layers, error){TrainLayers, InferLayers} {
		l, err := measure(s, c)
		if err != nil {
			t.Fatal(err)
		}
		batch := map[string]int{Training: 33, Inference: 20}[l.Pass]
		if l.Batch != batch || !(l.StepUS > 0) || len(l.Rows) != len(net.Nodes()) {
			t.Fatalf("%+v", l)
		}
		share := 0.0
		for i, r := range l.Rows {
			node := net.Nodes()[i]
			share += r.ShareOfTime
			if fast := r.MACs > 0; r.Layer != node.Name || r.MACs != node.MACs() || (r.GFLOPS > 0) != fast || (r.ShareOfPeak > 0) != fast {
				t.Errorf("%+v", r)
			}
			if r.With != "" && (r.ForwardUS > 0 || net.Node(r.With) == nil) {
				t.Errorf("%+v", r)
			}
			if l.Pass == Inference && r.BackwardUS != 0 {
				t.Errorf("inference with a backward pass: %+v", r)
			}
		}
		if math.Abs(share-1) > 1e-9 {
			t.Errorf("%s: the shares add up to %v", l.Pass, share)
		}
	}
	if !slices.Equal(before, net.Params()[0].Data) {
		t.Error("measuring has trained the network")
	}
}

// Figures are medians over the rounds, and times are means over the workers. Fused layers have
// theirs in the row of the one with the most work.
func TestFiguresOfLayers(t *testing.T) {
	set := &clocks{workers: 2}
	timed := &timedLayers{run: func() (float64, error) { return 10, nil }, clocks: set, flops: []int{0, 400, 0, 0}}
	l := &Layers{Batch: 5, Rows: []LayerRow{{Layer: "a"}, {Layer: "b", MACs: 200}, {Layer: "c"}, {Layer: "d"}}}
	for i := range l.Rows {
		set.of(i) // by themselves they do not run
	}
	fused, last := set.of(0).fused(set.of(1)).fused(set.of(2)), set.of(3)
	for round, ns := range []int64{1e6, 3000, 1000, 5000} { // the first is not measured
		if n, err := timed.call(); n != 10 || err != nil {
			t.Fatal(n, err)
		}
		fused.forward.Add(ns)
		fused.forward.Add(1000)
		fused.backward.Add(2 * ns)
		last.forward.Add(2 * ns)
		timed.seen(0, round-1)
		timed.seen(1, round-1)
	}
	timed.fill(l, []float64{8e8, 8e8, 4e8})
	// Forward 200, 100, 300 ns a sample, backward 300, 100, 500.
	want := []LayerRow{
		{Layer: "a", With: "b"},
		{Layer: "b", MACs: 200, ForwardUS: 1, BackwardUS: 1.5, ShareOfTime: 0.625, GFLOPS: 0.8, ShareOfPeak: 1.25},
		{Layer: "c", With: "b"},
		{Layer: "d", ForwardUS: 1.5, ShareOfTime: 0.375},
	}
	for i, r := range l.Rows {
		for _, v := range []*float64{&r.ForwardUS, &r.BackwardUS, &r.ShareOfTime, &r.GFLOPS, &r.ShareOfPeak} {
			*v = math.Round(*v*1e9) / 1e9
		}
		if !reflect.DeepEqual(r, want[i]) {
			t.Errorf("%+v, want %+v", r, want[i])
		}
	}
}
