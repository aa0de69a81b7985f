package sweep

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/internal/regular"
	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Framework has the results of the study's trainings in another framework, as
// testdata/ref/study_torch.py and study_keras.py write them.
type Framework struct {
	Framework string            `json:"framework"` // torch or keras
	Versions  map[string]string `json:"versions"`
	Generator string            `json:"generator"`
	Command   string            `json:"command"`
	Protocol  struct {
		Batch   int     `json:"batch"`
		Epochs  int     `json:"epochs"`
		LR      float64 `json:"lr"`
		HeldOut float64 `json:"held_out"` // share of the training set
		Limit   int     `json:"limit"`    // digits of each set, 0 for all
	} `json:"protocol"`
	Cells []FrameworkCell `json:"cells"`
}

// FrameworkCell is one training.
type FrameworkCell struct {
	Act        string           `json:"act"`
	Seed       uint64           `json:"seed"`
	Epochs     []frameworkEpoch `json:"epochs"`
	BestEpoch  int              `json:"best_epoch"`
	Last       FrameworkMoment  `json:"last"`
	Best       FrameworkMoment  `json:"best"`
	CPUSeconds float64          `json:"cpu_seconds"`
}

// FrameworkMoment is how a training did after an epoch.
type FrameworkMoment struct {
	Train  frameworkScore             `json:"train"`
	Test   frameworkScore             `json:"test"`
	Slopes map[string]FrameworkSlopes `json:"slopes"` // by layer
}

// FrameworkSlopes are the mean and the standard deviation of a layer's learned slopes.
type FrameworkSlopes struct {
	Mean float64 `json:"mean"`
	Std  float64 `json:"std"`
}

type frameworkScore struct {
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"accuracy"`
}

type frameworkEpoch struct {
	Loss        float64 `json:"loss"`
	Accuracy    float64 `json:"accuracy"`
	ValLoss     float64 `json:"val_loss"`
	ValAccuracy float64 `json:"val_accuracy"`
}

// ReadFramework reads the results of a framework.
func ReadFramework(path string) (*Framework, error) {
	b, err := regular.Read(path, maxRecord)
	if err != nil {
		return nil, err
	}
	f := &Framework{}
	if err := strictjson.Decode(b, f); err != nil {
		return nil, fmt.Errorf("%s: %w; need a file that testdata/ref/study_torch.py or study_keras.py has written", path, err)
	}
	if len(f.Cells) == 0 {
		return nil, fmt.Errorf("%s: it has no trainings", path)
	}
	return f, nil
}

// Name is the framework's as it writes itself.
func (f *Framework) Name() string {
	switch f.Framework {
	case "torch":
		return "PyTorch"
	case "keras":
		return "Keras"
	}
	return f.Framework
}

// Version is the framework's, without how it was built.
func (f *Framework) Version() string {
	v, _, _ := strings.Cut(f.Versions[f.Framework], "+")
	return v
}

// Differences lists how the framework's trainings differ from those of settings.
func (f *Framework) Differences(s run.Settings) (list []string) {
	for _, d := range []struct {
		name        string
		theirs, own float64
	}{
		{"epochs", float64(f.Protocol.Epochs), float64(s.Epochs)}, {"batch", float64(f.Protocol.Batch), float64(s.Batch)},
		{"learning rate", f.Protocol.LR, s.LR}, {"share held out", f.Protocol.HeldOut, s.Val},
	} {
		if d.theirs != d.own {
			list = append(list, fmt.Sprintf("%s %g in place of %g", d.name, d.theirs, d.own))
		}
	}
	if f.Protocol.Limit > 0 {
		list = append(list, fmt.Sprintf("%d digits of each set", f.Protocol.Limit))
	}
	return list
}

// of are the trainings with the activation of settings, if these are the study's.
func (f *Framework) of(s run.Settings) []FrameworkCell {
	if !isStudy(s) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.Cells), func(c FrameworkCell) bool { return !sameAct(c.Act, s.Act, s.Init) })
}

func (c *FrameworkCell) at(m Moment) FrameworkMoment {
	if m == Best {
		return c.Best
	}
	return c.Last
}

// Peer is what another framework's runs of the same training have come to.
type Peer struct {
	Framework string `json:"framework"` // PyTorch or Keras
	N         int    `json:"n"`         // runs
	Spread
}

// peer sums up a measure of the trainings that are those of settings, over their seeds; ok reports
// whether there are any.
func (f *Framework) peer(s run.Settings, m Moment, measure Measure) (p Peer, ok bool) {
	var x []float64
	for _, c := range f.of(s) {
		r := c.at(m)
		x = append(x, measure.of(Figures{r.Train.Loss, r.Train.Accuracy, r.Test.Loss, r.Test.Accuracy}))
	}
	return Peer{f.Name(), len(x), spreadOf(measure.Name, x)}, x != nil
}

// Slopes sums up the mean and the standard deviation of a layer's learned slopes after the last
// epoch, of the trainings that are those of settings; ok reports whether there are any.
func (f *Framework) Slopes(s run.Settings, layer string) (mean, std Peer, ok bool) {
	var means, stds []float64
	for _, c := range f.of(s) {
		if v, ok := c.Last.Slopes[layer]; ok {
			means, stds = append(means, v.Mean), append(stds, v.Std)
		}
	}
	n := len(means)
	return Peer{f.Name(), n, spreadOf("slope_mean", means)}, Peer{f.Name(), n, spreadOf("slope_std", stds)}, n > 0
}

// Count is the number of the framework's trainings that are those of settings.
func (f *Framework) Count(s run.Settings) int { return len(f.of(s)) }
