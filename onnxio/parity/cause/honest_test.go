package cause

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// folded is the network with its batch normalisations folded into the convolutions in front.
func folded(t *testing.T, net *nn.Network) *nn.Network {
	t.Helper()
	b := nn.NewBuilder(net.InputShape())
	became := map[string]string{}
	for _, node := range net.Nodes() {
		if is[layer.BatchNorm](node) {
			became[node.Name] = node.Inputs[0]
			continue
		}
		var in []string
		for _, name := range node.Inputs {
			if other, ok := became[name]; ok {
				name = other
			}
			in = append(in, name)
		}
		l := node.Layer
		if c, ok := l.(layer.Conv); ok {
			c.NoBias = false
			l = c
		}
		b.Add(node.Name, l, in...)
	}
	m := copied(t, b, net)
	for _, node := range net.Nodes() {
		if l, ok := node.Layer.(layer.BatchNorm); ok {
			w, bias := m.Param(node.Inputs[0]+".weight").Data, m.Param(node.Inputs[0]+".bias").Data
			g, s := net.Param(node.Name+".weight").Data, net.Param(node.Name+".bias").Data
			mean, variance := net.Param(node.Name+".running_mean").Data, net.Param(node.Name+".running_var").Data
			for c := range g {
				f := float64(g[c]) / math.Sqrt(float64(variance[c])+float64(l.Normal().Eps))
				for i := c * len(w) / len(g); i < (c+1)*len(w)/len(g); i++ {
					w[i] = float32(float64(w[i]) * f)
				}
				bias[c] = float32(float64(bias[c]-mean[c])*f + float64(s[c]))
			}
		}
	}
	return m
}

// renumbered has the channels of conv1 in another order, and conv2 reads them so.
func renumbered(t *testing.T, net *nn.Network, rng *rand.Rand) *nn.Network {
	t.Helper()
	m := net.Clone()
	order := rng.Perm(net.Node("conv1").Shape[0])
	for _, name := range []string{"conv1.weight", "conv1.bias", "act1.alpha", "act1.beta"} {
		if p := m.Param(name); p != nil {
			copy(p.Data, permuted(p.Data, order))
		}
	}
	w := m.Param("conv2.weight")
	row := len(w.Data) / w.Shape[0]
	for o := range w.Shape[0] {
		copy(w.Data[o*row:], permuted(w.Data[o*row:(o+1)*row], order))
	}
	return m
}

// noisy has every weight changed by a share of it.
func noisy(net *nn.Network, by float64, rng *rand.Rand) *nn.Network {
	m := net.Clone()
	for _, p := range m.Params() {
		for i, v := range p.Data {
			p.Data[i] = v * float32(1+by*rng.NormFloat64())
		}
	}
	return m
}

// TestHonestPortsAreNotAccused asks that nothing is named where a port differs inside alone, or
// by noise.
func TestHonestPortsAreNotAccused(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	ports := 0
	hold := func(what string, net, port *nn.Network, x *nn.Tensor, recorded batch) {
		for _, inner := range []bool{true, false} {
			ports++
			if f := find(t, caseOf(port, x, recorded, net, inner)); f.Cause != nil {
				t.Errorf("%s, inner %v: error %g, named %s", what, inner, f.Before, said(f))
			}
		}
	}
	for k, s := range subjects {
		net, x := network(t, s.name, nn.Shape{s.in[0], s.in[1], s.in[2]}, s.act, uint64(k+20), 8)
		recorded := record(t, net, x)
		hold(s.name+" itself", net, net, x, recorded)
		hold(s.name+" with folded batch normalisations", net, folded(t, net), x, recorded)
		if s.name == "study" || s.name == "lenet5" {
			for _, by := range []float64{1e-7, 1e-6, 1e-5, 3e-5, 1e-4} {
				hold(s.name+" with noise", net, noisy(net, by, rng), x, recorded)
			}
			hold(s.name+" with channels in another order", net, renumbered(t, net, rng), x, recorded)
		}
	}
	if ports < 40 {
		t.Errorf("%d ports, need 40", ports)
	}
}

// TestBugBehindHonestDifferences finds a bug in a port whose inner values are others.
func TestBugBehindHonestDifferences(t *testing.T) {
	net, x := network(t, "resnet20", nn.Shape{3, 8, 8}, "leaky:0.2", 4, 16)
	recorded := record(t, net, x)
	port := folded(t, net)
	w := port.Param("block5.conv2.weight")
	copy(w.Data, flip(w.Data, w.Shape, true, true))
	for _, inner := range []bool{true, false} {
		f := find(t, caseOf(port, x, recorded, net, inner))
		if f.Cause == nil || f.Cause.Layer != "block5.conv2" || f.Cause.Kind != "kernel-flipped" {
			t.Errorf("inner %v: %s", inner, said(f))
		}
	}
}

// TestDamagedValues asks for no panic and no hang with values that are not finite, of other
// shapes, and missing.
func TestDamagedValues(t *testing.T) {
	net, x := network(t, "resnet20", nn.Shape{3, 8, 8}, "relu", 4, 4)
	recorded := record(t, net, x)
	for _, damage := range []struct {
		name string
		do   func(c *Case)
	}{
		{"a NaN in the reference's output", func(c *Case) { c.Want["dense"].Data[3] = float32(math.NaN()) }},
		{"infinite inner values", func(c *Case) { c.Want["block2.bn1"].Data[0] = float32(math.Inf(1)) }},
		{"an output of another shape", func(c *Case) { c.Want["dense"] = nn.NewTensor(4, 7) }},
		{"inner values of other shapes", func(c *Case) {
			for name := range c.Want {
				if name != "dense" {
					c.Want[name] = nn.NewTensor(4, 3, 5, 1)
				}
			}
		}},
		{"inner values of no or other samples", func(c *Case) {
			c.Want["conv1"], c.Want["bn1"], c.Want["act1"] = nil, nn.NewTensor(0, 16, 8, 8), nn.NewTensor(9)
			c.Unplaced = []Tensor{{"a", nil}, {"b", nn.NewTensor(4, 16, 8, 8)}, {"c", nn.NewTensor(3)}}
		}},
		{"an error that is NaN", func(c *Case) { c.Error = func(_, _ *nn.Tensor) float64 { return math.NaN() } }},
		{"weights that are NaN", func(c *Case) { c.Net.Param("block3.conv1.weight").Data[5] = float32(math.NaN()) }},
	} {
		port := noisy(net, 1e-2, rand.New(rand.NewPCG(1, 1)))
		own := batch{}
		for name, v := range recorded {
			own[name] = gather(v, []int{0, 1, 2, 3})
		}
		c := caseOf(port, x, own, net, true)
		c.Budget = 500 * time.Millisecond
		damage.do(&c)
		if f := find(t, c); f.Cause != nil && f.Cause.Kind != "weights-other" {
			t.Errorf("%s: named %s", damage.name, said(f))
		}
	}
}

func TestFindRefusesAndStops(t *testing.T) {
	net, x := network(t, "study", nn.Shape{1, 20, 20}, "relu", 4, 4)
	recorded := record(t, net, x)
	good := caseOf(noisy(net, 0.1, rand.New(rand.NewPCG(1, 1))), x, recorded, net, false)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(ctx, good); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for name, spoil := range map[string]func(c *Case){
		"no network":     func(c *Case) { c.Net = nil },
		"no error":       func(c *Case) { c.Error = nil },
		"no input":       func(c *Case) { c.Inputs = nil },
		"another input":  func(c *Case) { c.Inputs = batch{"input": nn.NewTensor(4, 1, 3, 3)} },
		"no output":      func(c *Case) { c.Want = nil },
		"fewer samples":  func(c *Case) { c.Want = batch{"dense": nn.NewTensor(3, 10)} },
		"no samples":     func(c *Case) { c.Inputs = batch{"input": nn.NewTensor(0, 1, 20, 20)} },
		"a short tensor": func(c *Case) { c.Want = batch{"dense": {Shape: []int{4, 10}}} },
	} {
		c := good
		spoil(&c)
		if _, err := Find(context.Background(), c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	good.Budget = time.Nanosecond
	if f := find(t, good); f.Cause != nil || !f.Exhausted {
		t.Errorf("without time: %+v", f)
	}
}
