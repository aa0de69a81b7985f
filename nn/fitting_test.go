package nn_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

func TestForALoss(t *testing.T) {
	flat := []nn.Layer{layer.Flatten{}}
	for _, c := range []struct {
		end            []nn.Layer
		loss           nn.Loss
		eval, training string // the kind of the layer that ends it, or of the error
	}{
		{nil, loss.CrossEntropy{}, "Flatten", "Flatten"},
		{nil, loss.MSE{}, "is on probabilities, and the network gives logits", "sigmoid"},
		{[]nn.Layer{layer.Softmax{}}, loss.CrossEntropy{}, "Flatten", "Flatten"},
		{[]nn.Layer{layer.Softmax{}}, loss.ClassWeighted{Loss: loss.CrossEntropy{}}, "Flatten", "Flatten"},
		{[]nn.Layer{layer.Softmax{}}, loss.BCELogits{}, "Flatten", "Flatten"},
		{[]nn.Layer{layer.Softmax{}}, loss.MSE{}, "Flatten", "Flatten"},
		{[]nn.Layer{activation.Must("sigmoid")}, loss.BCE{}, "Flatten", "Flatten"},
		{[]nn.Layer{activation.Must("sigmoid")}, loss.CrossEntropy{}, "ends in a sigmoid: choose bce", "ends in a sigmoid: choose bce"},
		{[]nn.Layer{layer.LogSoftmax{}}, loss.CrossEntropy{}, "Flatten", "Flatten"},
		{[]nn.Layer{layer.LogSoftmax{}}, loss.Huber{}, "gives log-probabilities", "sigmoid"},
		{[]nn.Layer{activation.Must("logsigmoid")}, loss.BCELogits{}, "Flatten", "Flatten"},
		{[]nn.Layer{activation.Must("logsigmoid")}, loss.BCE{}, "gives logarithms of sigmoids", "sigmoid"},
	} {
		net := ended(t, 4, append(c.end, flat...)...)
		for i, want := range []string{c.eval, c.training} {
			got, err := []func(nn.Loss) (*nn.Network, error){net.For, net.ForTraining}[i](c.loss)
			if err != nil {
				wantError(t, err, want)
				continue
			}
			if kind := lastKind(got); kind != want {
				t.Errorf("%v for %s ends in %s, want %s", net.Output(), c.loss.Name(), kind, want)
			}
			if got.Output().Probabilities() != c.loss.Probabilities() {
				t.Errorf("for %s it gives %v", c.loss.Name(), got.Output())
			}
		}
	}
}

func lastKind(n *nn.Network) string {
	nodes := n.Nodes()
	return nodes[len(nodes)-1].Layer.Kind()
}

// The loss of a network with a softmax anywhere in its ending is −ln p of the label.
func TestLossBehindASoftmax(t *testing.T) {
	data := randomSamples(t, 20, 4, nn.Shape{3, 1, 1})
	for name, tail := range tails {
		if name == "clip below 1" { // the loss is that of what is clipped
			continue
		}
		net := ended(t, 4, append([]nn.Layer{layer.Softmax{}}, tail...)...)
		p, err := net.Predict(data, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for i := range data.Len() {
			want -= math.Log(float64(p.Sample(i)[data.Label(i)])) / float64(data.Len())
		}
		loss := nn.LossFor(net)
		fit, err := net.For(loss)
		if err != nil {
			t.Fatal(err)
		}
		st, err := fit.Evaluate(data, loss, 1)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(st.Loss()-want) > 1e-5 {
			t.Errorf("%s: loss %g, want %g", name, st.Loss(), want)
		}
	}
}

func TestWithProbabilities(t *testing.T) {
	x := randomTensor(1, 5, 3, 1, 1)
	for _, end := range [][]nn.Layer{{layer.Flatten{}}, {layer.LogSoftmax{}}, {layer.LogSoftmax{}, layer.Flatten{}}} {
		net := ended(t, 4, end...)
		p, err := net.WithProbabilities(loss.CrossEntropy{})
		if err != nil {
			t.Fatal(err)
		}
		if lastKind(p) != "Softmax" || p.Output() != nn.OutputProbabilities {
			t.Errorf("ends in %s and gives %v", lastKind(p), p.Output())
		}
		z := forward(t, net, x)
		for i := range 5 {
			softmaxOf(z.Sample(i))
		}
		near(t, "probabilities", forward(t, p, x).Data, z.Data, 1e-6)
	}
	for _, end := range [][]nn.Layer{{layer.Softmax{}}, {layer.Softmax{}, layer.Flatten{}}, {activation.Must("sigmoid"), activation.Must("relu6:1")}} {
		_, err := ended(t, 4, end...).WithProbabilities(loss.CrossEntropy{})
		wantError(t, err, "gives probabilities already")
	}
	for _, net := range []*nn.Network{ended(t, 1), ended(t, 3, activation.Must("logsigmoid"))} {
		if p, err := net.WithProbabilities(loss.BCELogits{}); err != nil || lastKind(p) != "sigmoid" || len(p.Nodes()) != 2 {
			t.Errorf("%v", err)
		}
	}
	net, err := nn.NewBuilder(nn.Shape{3}).Add("softmax", layer.Dense{Out: 2}).Build()
	if err != nil {
		t.Fatal(err)
	}
	if p, err := net.WithProbabilities(nil); err != nil || p.Nodes()[1].Name != "softmax_2" {
		t.Errorf("a name that is taken: %v", err)
	}
}

func TestCheckClasses(t *testing.T) {
	one := &nn.TensorSamples{X: nn.NewTensor(3, 2), Labels: []int{1, 1, 1}, NumClasses: 2}
	wantError(t, nn.CheckClasses(one), "training samples are of class 1", "at least two classes")
	one.Labels[2] = 0
	if err := nn.CheckClasses(one); err != nil {
		t.Error(err)
	}
}
