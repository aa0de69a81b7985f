package sweep

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/internal/regular"
	"github.com/gonn-toolkit/gonn/train/internal/strictjson"
	"github.com/gonn-toolkit/gonn/train/recipe"
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

	// Path is the file that they were read from.
	Path string `json:"-"`
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
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.Path = path
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

// Differences lists in what the framework's trainings differ from each of several settings: "epochs
// (5 and 6 here)". It has what all of the settings differ in.
func (f *Framework) Differences(settings ...run.Settings) (list []string) {
	for i, s := range settings {
		d := f.differences(s)
		if i == 0 {
			list = d
		}
		list = slices.DeleteFunc(list, func(one string) bool { return !slices.Contains(d, one) })
	}
	return list
}

// differences lists what is not as in study_protocol.py, which fixes what Protocol does not have.
func (f *Framework) differences(s run.Settings) (list []string) {
	if s.Net != "study" || s.Data != "mnist-inverted" || s.Loss != "cross-entropy" {
		return []string{"network, data or loss"}
	}
	p, fixed := f.Protocol, recipe.Default()
	for _, d := range []struct {
		name         string
		theirs, here any
	}{
		{"epochs", p.Epochs, s.Epochs}, {"batch", p.Batch, s.Batch}, {"learning rate", p.LR, cmp.Or(s.LR, adamLR)}, {"share held out", p.HeldOut, s.Val},
		{"limit", 2 * p.Limit, s.Limit}, {"optimizer", "adam", s.Optimizer}, {"start of weights", "keras", s.Init},
		{"weight decay", fixed.WeightDecay, s.WeightDecay}, {"schedule", "", s.Schedule}, {"warmup", "", s.Warmup}, {"patience", 0, s.Patience},
		{"clipping", [2]float64{}, [2]float64{s.ClipNorm, s.ClipValue}}, {"augmentation", "", s.Augment}, {"class weights", "", s.ClassWeights},
		{"normalisation", fixed.Normalize, s.Normalize},
	} {
		if d.theirs != d.here {
			list = append(list, fmt.Sprintf("%s (%v, and %v here)", d.name, d.theirs, d.here))
		}
	}
	return list
}

// adamLR is Adam's default, which a learning rate of 0 becomes when a training begins.
const adamLR = 1e-3

// of are the trainings with settings.
func (f *Framework) of(s run.Settings) []FrameworkCell {
	if len(f.differences(s)) > 0 {
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

// Count is the number of the framework's trainings that are those of some settings.
func (f *Framework) Count(settings ...run.Settings) int {
	type training struct {
		act  string
		seed uint64
	}
	found := map[training]bool{}
	for _, s := range settings {
		for _, c := range f.of(s) {
			found[training{c.Act, c.Seed}] = true
		}
	}
	return len(found)
}
