package exec

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// withTimeout ends a test that hangs.
func withTimeout(t *testing.T, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("it hangs")
		return nil
	}
}

// failing is a graph with a synchronized layer, and what an error in it ends.
func failing() (*Graph, Config) {
	g := graph(1)
	g.add(scale{newBase(vector)}, Input(0))
	g.add(center{newBase(vector)}, 0)
	g.add(mix{newBase(vector)}, 1)
	return g, Config{Training: true, Outputs: []Value{2}, Seeds: []Value{2}}
}

// The error of the first block wins, whoever finds it when; the running statistics stay, and
// the next run is as if nothing had happened.
func TestErrorsOfBlocks(t *testing.T) {
	const n = 100 // seven blocks
	for _, workers := range []int{1, 2, 3, 5, 16} {
		for _, where := range []string{"load", "turn"} {
			for _, bad := range [][]int{{0}, {6}, {2, 5}, {0, 1, 2, 3, 4, 5, 6}} {
				g, cfg := failing()
				cfg.Workers = workers
				e := New(g, cfg)
				want := plainRun(g, cfg, n, 7).outcome()
				running := slices.Clone(g.Nodes[1].Weights[0])
				fail := func(at string) func(u *Unit) error {
					return func(u *Unit) error {
						if at == where && slices.Contains(bad, u.Index) {
							return fmt.Errorf("block %d", u.Index)
						}
						return nil
					}
				}
				err := withTimeout(t, func() error { return e.Run(n, Job{Load: fail("load"), AfterForward: fail("turn"), InBlocks: true}) })
				if first := fmt.Sprintf("block %d", bad[0]); err == nil || err.Error() != first {
					t.Errorf("%d workers, %s of blocks %v: error %v, want that of %s", workers, where, bad, err, first)
				}
				if !slices.Equal(g.Nodes[1].Weights[0], running) {
					t.Errorf("%d workers, %s of blocks %v: the running statistics have changed", workers, where, bad)
				}
				got, err := run(e, n, 7)
				if err != nil || !sameBits(got.params, want.params) || !sameBits(got.outputs[2], want.outputs[2]) {
					t.Errorf("%d workers, after an error in %s: another result, %v", workers, where, err)
				}
			}
		}
	}
}

// After an error no more blocks are begun, and a block without its samples has no outputs.
func TestAnErrorEndsARun(t *testing.T) {
	g := counted()
	for _, workers := range []int{1, 3} {
		e := New(g, Config{Workers: workers, Outputs: []Value{3}})
		var loaded, turned atomic.Int32
		failed := errors.New("no samples")
		err := e.Run(100*op.Lanes, Job{
			Load:         func(u *Unit) error { loaded.Add(1); return failed },
			AfterForward: func(u *Unit) error { turned.Add(1); return nil },
		})
		if !errors.Is(err, failed) || int(loaded.Load()) > workers || turned.Load() > 0 {
			t.Errorf("%d workers: error %v, %d blocks loaded and %d shown", workers, err, loaded.Load(), turned.Load())
		}
	}
}

// Gradients are those of the last run: none if there was none, or it has failed.
func TestReduceWithoutARun(t *testing.T) {
	g, cfg := failing()
	e := New(g, cfg)
	total := make([]float32, e.NumGradients())
	reduce := func(when string) {
		t.Helper()
		for i := range total {
			total[i] = 1
		}
		e.Reduce(total)
		if slices.ContainsFunc(total, func(v float32) bool { return v != 0 }) {
			t.Errorf("%s: gradients %v, want zeros", when, total)
		}
	}
	reduce("before the first run")
	if _, err := run(e, 20, 1); err != nil {
		t.Fatal(err)
	}
	if err := e.Run(20, Job{Load: func(*Unit) error { return errors.New("no samples") }}); err == nil {
		t.Fatal("no error")
	}
	reduce("after an error")
}

// A run of no samples gives nothing and changes nothing.
func TestNoSamples(t *testing.T) {
	g, cfg := failing()
	running := slices.Clone(g.Nodes[1].Weights[0])
	never := func(*Unit) error { return errors.New("called for no samples") }
	for _, cfg := range []Config{cfg, {Outputs: []Value{2}}, {}} {
		e := New(g, cfg)
		for _, inBlocks := range []bool{false, true} {
			if err := e.Run(0, Job{Load: never, AfterForward: never, InBlocks: inBlocks}); err != nil {
				t.Error(err)
			}
		}
		e.Reduce(make([]float32, e.NumGradients()))
	}
	if !slices.Equal(g.Nodes[1].Weights[0], running) {
		t.Errorf("running statistics of no samples: %v", g.Nodes[1].Weights[0])
	}
}

// planarless plans no step, though it is no View.
type planarless struct{ unary }

func (planarless) Planar([]op.Planes, int) ([]op.PlanarStep, bool) { return nil, true }

func TestALayerThatPlansNoStepForOneSample(t *testing.T) {
	g := graph(1)
	g.add(planarless{negative(vector).(unary)}, Input(0))
	e := New(g, Config{Outputs: []Value{0}, Observed: []Value{0}})
	var got [6]float32
	err := e.Run(1, Job{
		Load:         func(u *Unit) error { u.Value(Input(0)).Write([]float32{1, 2, 3, 4, 5, 6}); return nil },
		AfterForward: func(u *Unit) error { u.Value(0).Read(got[:]); return nil }, Observe: func(*Unit, Value) {},
	})
	if want := [6]float32{-1, -2, -3, -4, -5, -6}; err != nil || got != want {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}
