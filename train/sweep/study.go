package sweep

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Study is the name of the study's sweep.
const Study = "study"

// StudyGrid is the grid of the study of activations that gonn began with: its network on MNIST and
// its inverse, the activations of its table, and Swish and Mish, which it writes about. It says
// nothing of optimizer, batch and epochs; here they are Adam's in Keras's form at 0.001, 128, and
// 5. A tenth of the training pictures is held out to choose the best epoch.
func StudyGrid() Grid {
	g := Grid{Settings: recipe.Default()}
	g.Settings.Net, g.Settings.Data, g.Settings.Loss = "study", "mnist-inverted", "cross-entropy"
	g.Settings.LR, g.Settings.Batch, g.Settings.Epochs, g.Settings.Val = 0.001, 128, 5, 0.1
	act := Axis{Setting: "act"}
	for _, p := range published {
		act.Values = append(act.Values, p.act)
	}
	act.Values = append(act.Values, "swish", "mish")
	g.Axes = []Axis{act}
	return g
}

// Figures are the measures of one run, or their means.
type Figures struct {
	TrainLoss, TrainAccuracy, TestLoss, TestAccuracy float64
}

// published is the study's table of results, of one run a row. The text does not say whether the
// figures of the training set are running means over the last epoch or were measured after it.
var published = []struct {
	act string
	Figures
}{
	{"leaky:-1", Figures{0.0438, 0.9860, 0.0575, 0.9828}},
	{"leaky:-0.5", Figures{0.0373, 0.9882, 0.0529, 0.9833}},
	{"leaky:0", Figures{0.0498, 0.9845, 0.0621, 0.9810}},
	{"leaky:0.5", Figures{0.0799, 0.9758, 0.0811, 0.9751}},
	{"leaky:1", Figures{2.3043, 0.1129, 2.3019, 0.0868}},
	{"prelu", Figures{0.0379, 0.9880, 0.0490, 0.9843}},
}

// PublishedSlopes are the mean and the standard deviation of the study's learned slopes, one an
// element of each activation's map, in the order of the layers.
var PublishedSlopes = []struct{ Mean, Std float64 }{{-0.147, 0.191}, {0.0014, 0.096}}

// Published is the study's row for settings that are complete, if they are those of one.
func Published(s run.Settings) (Figures, bool) {
	if !isStudy(s) {
		return Figures{}, false
	}
	for _, p := range published {
		if sameAct(p.act, s.Act, s.Init) {
			return p.Figures, true
		}
	}
	return Figures{}, false
}

// isStudy reports whether settings are of the study's network, data and loss.
func isStudy(s run.Settings) bool {
	return s.Net == "study" && s.Data == "mnist-inverted" && s.Loss == "cross-entropy" && s.Limit == 0 && s.Augment == "" && s.ClassWeights == ""
}

// sameAct reports whether two spellings are of one activation, where learned parameters start from
// an initialiser's value unless they say otherwise. Leaky with slope 0 is ReLU, and with slope 1
// nothing.
func sameAct(a, b, init string) bool {
	x, err := activation.Parse(a)
	if err != nil {
		return false
	}
	y, err := activation.Parse(b)
	if err != nil {
		return false
	}
	if x.Func.Arg != activation.Learned {
		x, y = asLeaky(x), asLeaky(y)
		return x.Func == y.Func && x.Value == y.Value
	}
	startsAt0 := y.Start == nil && init == nn.Keras.String() || y.Start != nil && *y.Start == 0
	return x.Func == y.Func && x.Sharing.String() == y.Sharing.String() && startsAt0
}

// asLeaky is ReLU and Linear as LeakyReLU.
func asLeaky(l activation.Layer) activation.Layer {
	switch l.Func {
	case activation.ReLU:
		return activation.Layer{Func: activation.Leaky}
	case activation.Linear:
		return activation.Layer{Func: activation.Leaky, Value: 1}
	}
	return l
}
