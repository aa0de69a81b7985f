package optim

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func plateau(t *testing.T, spelled string, s nn.Semantics) *Plateau {
	t.Helper()
	p := PlateauOf(parse(t, spelled, "", s, 1))
	if p == nil {
		t.Fatalf("%s has no plateau", spelled)
	}
	return p
}

func TestPlateausEqualTheFramework(t *testing.T) {
	different := 0
	for _, s := range bothSemantics {
		g := readSchedules(t, s)
		for _, c := range g.Plateaus {
			p, other, lr, lr2 := plateau(t, c.Schedule, s), plateau(t, c.Schedule, 1-s), g.LR, g.LR
			for epoch, loss := range g.Losses {
				lr, lr2 = p.EpochEnd(loss, lr), other.EpochEnd(loss, lr2)
				if want := c.Rates[epoch]; !(math.Abs(lr-want) <= 1e-6*want) {
					t.Fatalf("%v %s: epoch %d ends with rate %v, want %v", s, c.Schedule, epoch, lr, want)
				}
				if lr2 != lr {
					different++
				}
			}
			if lr == g.LR {
				t.Errorf("%v %s: the rate was never lowered", s, c.Schedule)
			}
		}
	}
	if different == 0 {
		t.Error("the losses do not tell the frameworks apart")
	}
}

// What it remembers is in its fields: a copy goes on as the original does.
func TestACopiedPlateauGoesOn(t *testing.T) {
	for _, s := range bothSemantics {
		losses := readSchedules(t, s).Losses
		for cut := range losses {
			p, lr := plateau(t, "plateau:0.5:2:4:0", s), 0.01
			for _, loss := range losses[:cut] {
				lr = p.EpochEnd(loss, lr)
			}
			q, lr2 := plateau(t, "plateau:0.5:2:4:0", s), lr
			q.Best, q.Epochs, q.Waited, q.Cooling = p.Best, p.Epochs, p.Waited, p.Cooling
			for _, loss := range losses[cut:] {
				if lr, lr2 = p.EpochEnd(loss, lr), q.EpochEnd(loss, lr2); lr != lr2 {
					t.Fatalf("%v: cut after %d epochs, rates %v and %v", s, cut, lr, lr2)
				}
			}
		}
	}
}

// A rate below the least one is not raised, and PyTorch spares itself tiny changes.
func TestPlateauKeepsSmallRates(t *testing.T) {
	for _, c := range []struct {
		semantics     nn.Semantics
		lr, min, want float64
	}{
		{nn.PyTorch, 0.001, 0.01, 0.001}, {nn.Keras, 0.001, 0.01, 0.001},
		{nn.PyTorch, 1e-8, 0, 1e-8}, {nn.Keras, 1e-8, 0, 5e-9},
	} {
		p := &Plateau{Semantics: c.semantics, Factor: 0.5, Min: c.min}
		lr := p.EpochEnd(1, c.lr)
		if lr = p.EpochEnd(1, lr); lr != c.want {
			t.Errorf("%v: rate %v becomes %v, want %v", c.semantics, c.lr, lr, c.want)
		}
	}
}

func TestPlateauIsFoundBehindOthers(t *testing.T) {
	p := &Plateau{}
	for _, s := range []Schedule{p, Warmup{Then: p}, Warmup{Then: ByEpoch{p}}} {
		if PlateauOf(s) != p {
			t.Errorf("%v: no plateau found", s)
		}
	}
	for _, s := range []Schedule{nil, Constant{}, Warmup{Then: Cosine{}}, ByEpoch{Cosine{}}} {
		if PlateauOf(s) != nil {
			t.Errorf("%v: a plateau found", s)
		}
	}
	if got := p.At(0.5, Time{Step: 9}); got != 0.5 {
		t.Errorf("a plateau gives step 9 the rate %v, want it as it is", got)
	}
}
