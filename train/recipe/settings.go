package recipe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/metric"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Default are the settings of the study: two convolutions and a dense layer on MNIST and
// its inverse, Adam in Keras's form, PReLU with one slope an element starting at 0. What
// follows from other settings is empty: Complete fills it in.
func Default() run.Settings {
	return run.Settings{
		Semantics: nn.Keras.String(), Optimizer: "adam",
		Batch: 128, Epochs: 5, Seed: 1,
	}
}

// The defaults of settings that exclude others.
const (
	defaultNet  = "study"
	defaultAct  = "prelu"
	defaultLoss = "cross-entropy" // with a network that is there already the one that its output calls for
	DefaultData = "mnist-inverted"
)

// Complete fills in what is empty and follows from the rest, spells it as runs record it,
// and finds what is wrong before any work is done and any folder is made. What depends on
// the data or the network is checked where these are opened.
func Complete(s run.Settings) (run.Settings, error) {
	if name, semantics, own := strings.Cut(s.Optimizer, ":"); own {
		s.Optimizer, s.Semantics = name, semantics
	}
	s.Kink = cmp.Or(s.Kink, s.Semantics)
	s.Metrics = cmp.Or(s.Metrics, metric.Default())
	if s.Data == "" && s.DataPath == "" {
		s.Data = DefaultData
	}
	if s.NetPath == "" {
		s.Net = cmp.Or(s.Net, defaultNet)
		s.Act = cmp.Or(s.Act, defaultAct)
		s.Init = cmp.Or(s.Init, s.Semantics)
		s.Loss = cmp.Or(s.Loss, defaultLoss)
	} else if s.Act != "" || s.Init != "" {
		return s, wrong("net", s.NetPath, "it brings its own activations and values: act and init are for networks by name")
	}
	if err := spellInput(&s); err != nil {
		return s, err
	}
	return s, Check(s)
}

// Check finds settings that cannot be, whatever the data and the network are: what no run takes,
// and names and texts that gonn does not know.
func Check(s run.Settings) error {
	if err := s.Check(); err != nil {
		return err
	}
	if s.DataPath == "" && !slices.Contains(Embedded, s.Data) {
		return wrong("data", s.Data, "choose one of %s, or give the path of another set as data_path", strings.Join(Embedded, ", "))
	}
	if _, err := metric.Parse(s.Metrics); err != nil {
		return of("metrics", err)
	}
	if err := checkNetwork(s); err != nil {
		return err
	}
	return checkLoss(s)
}

// checkNetwork finds networks by name that cannot be.
func checkNetwork(s run.Settings) error {
	if s.NetPath != "" {
		return nil
	}
	if !slices.Contains(preset.Names(), s.Net) {
		return wrong("net", s.Net, "choose one of %s, or give the path of a model as net_path", strings.Join(preset.Names(), ", "))
	}
	if _, err := activation.Parse(s.Act); err != nil {
		return of("act", err)
	}
	if _, err := nn.ParseInitializer(s.Init); err != nil {
		return of("init", err)
	}
	return nil
}

// SetNet sets the network by what a user names: a preset, or the path of a run folder or
// of MODEL.onnx.
func SetNet(s *run.Settings, net string) { s.Net, s.NetPath = nameOrPath(net, preset.Names()) }

// SetData sets the data by what a user names: an embedded set or a path.
func SetData(s *run.Settings, set string) { s.Data, s.DataPath = nameOrPath(set, Embedded) }

// nameOrPath separates the names that gonn knows from paths of the user's.
func nameOrPath(s string, names []string) (name, path string) {
	if slices.Contains(names, s) {
		return s, ""
	}
	return "", s
}

// spellInput checks how pixels become numbers and spells it as runs record it. "auto"
// stays until there is data, and so does "" for a network's own.
func spellInput(s *run.Settings) error {
	a, err := data.ParseAugmentation(s.Augment)
	if err != nil {
		return of("augment", err)
	}
	s.Augment = a.String()
	r, err := data.ParseResize(s.Resize)
	if err != nil {
		return of("resize", err)
	}
	s.Resize = r.String()
	switch s.Normalize {
	case "", "auto", "none":
		return nil
	}
	n, err := data.ParseNorm(s.Normalize)
	if err != nil {
		return of("normalize", err)
	}
	s.Normalize = n.String()
	return nil
}
