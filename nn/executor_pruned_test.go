package nn_test

import (
	"slices"
	"sync/atomic"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// counter passes on what it gets and counts the blocks.
type counter struct{ forward, backward *atomic.Int32 }

func newCounter() counter { return counter{new(atomic.Int32), new(atomic.Int32)} }

func (counter) Kind() string { return "Counter" }
func (counter) Stem() string { return "count" }

func (c counter) Bind(in []nn.Shape) (op.Op, error) { return counterOp{sumOp{in[0]}, c}, nil }

type counterOp struct {
	sumOp
	count counter
}

func (o counterOp) Forward(c *op.Call)  { o.count.forward.Add(1); o.sumOp.Forward(c) }
func (o counterOp) Backward(c *op.Call) { o.count.backward.Add(1); o.sumOp.Backward(c) }

// What lies behind the layers that are asked for does not run, nor anything back that only
// frozen parameters would have.
func TestLayersThatNeedNotRun(t *testing.T) {
	first, last := newCounter(), newCounter()
	net := build(t, nn.Shape{4}, layer.Dense{Out: 5}, first, layer.Dense{Out: 3}, last, layer.Dense{Out: 2})
	net.Init(nn.PyTorchInit, 1)
	x := tensors{nn.InputName: randomTensor(1, 20, 4)} // two blocks
	check := func(what string, want ...int32) {
		t.Helper()
		got := []int32{first.forward.Swap(0), first.backward.Swap(0), last.forward.Swap(0), last.backward.Swap(0)}
		if !slices.Equal(got, want) {
			t.Errorf("%s: forward and back the first and the last ran for %v blocks, want %v", what, got, want)
		}
	}
	execute(t, executor(t, net, nn.ExecutorConfig{}), x, nil)
	check("all", 2, 0, 2, 0)
	execute(t, executor(t, net, nn.ExecutorConfig{Outputs: []string{"dense2"}}), x, nil)
	check("stop at dense2", 2, 0, 0, 0)
	seeded := executor(t, net, nn.ExecutorConfig{Outputs: []string{}, Seeds: []string{"dense2"}})
	execute(t, seeded, x, tensors{"dense2": randomTensor(2, 20, 3)})
	check("from dense2", 2, 2, 0, 0)
	execute(t, seeded, x, nil)
	check("from dense2, without a seed", 2, 0, 0, 0)
	for _, p := range net.Node("dense1").Params {
		p.Frozen = true
	}
	data := randomSamples(t, 20, 2, nn.Shape{4})
	s := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	step(t, s, data, upTo(20))
	check("the start frozen", 2, 0, 2, 2)
	if g := s.Grads(); len(g) != 4 || g[net.Param("dense1.weight")] != nil || g[net.Param("dense2.weight")] == nil {
		t.Errorf("gradients of %d parameters, want those of dense2 and dense3", len(g))
	}
	if err := s.Observe(nil, []string{nn.InputName}); err != nil {
		t.Fatal(err)
	}
	step(t, s, data, upTo(20))
	check("the start frozen, gradient of the input", 2, 2, 2, 2)
}
