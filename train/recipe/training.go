package recipe

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Training is what settings stand for: data, a network and, after Create or Resume, the
// session of a run folder.
type Training struct {
	Settings run.Settings // complete, and with what depends on the data filled in
	Set      *data.Set
	Fit, Val nn.Samples // as training sees them; Val is nil without validation
	Network  *nn.Network
	Session  *run.Session // nil before Create
	Notes    []string     // what a user should know, a line each
}

// New opens the data and builds the network that settings ask for. It writes nothing.
func New(s run.Settings) (*Training, error) {
	s, err := Complete(s)
	if err != nil {
		return nil, err
	}
	from, err := openStart(s)
	if err != nil {
		return nil, err
	}
	set, err := openFor(&s, from)
	if err != nil {
		return nil, err
	}
	s.DataSHA256, s.ClassNames = set.SHA256, set.ClassNames.String()
	if err := resolveNormalize(&s, set, from); err != nil {
		return nil, err
	}
	t := &Training{Set: set}
	if t.Fit, t.Val, err = views(set, s); err != nil {
		return nil, err
	}
	if err := nn.CheckClasses(t.Fit); err != nil {
		return nil, of("data", fmt.Errorf("%s: %w", set.Name, err))
	}
	if s.ClassWeights, err = classWeights(s.ClassWeights, t.Fit); err != nil {
		return nil, err
	}
	t.Settings, t.Notes = s, set.Notes
	if from != nil {
		from.Normalize = s.Normalize
		t.Notes = append(t.Notes, from.Notes()...)
	}
	t.Network, err = network(s, from, set.Train)
	return t, err
}

// openFor opens the data of settings for a network that is there already, nil for a preset:
// as it reads pictures, with the labels that it has for their classes.
func openFor(s *run.Settings, from *model.Model) (*data.Set, error) {
	var shape nn.Shape
	if from != nil {
		s.Resize = cmp.Or(s.Resize, from.Told("resize"))
		if from.Net != nil {
			shape = from.Net.InputShape()
		}
	}
	o, err := DataOptions(*s, shape)
	if err != nil {
		return nil, err
	}
	if from != nil {
		if err := fixEarly(from, o.Resize); err != nil {
			return nil, err
		}
	}
	set, err := OpenData(s.Data+s.DataPath, s.Limit, o)
	if err != nil {
		return nil, err
	}
	s.Resize = o.Resize.String()
	if from == nil {
		return set, nil
	}
	from.Fix(set.Train.Shape())
	if from.Foreign != nil {
		return nil, from.Untrainable()
	}
	from.Release()
	if err := from.CheckSamples(set.Name, set.Train.Shape()); err != nil {
		return nil, wrong("net", s.NetPath, "%w", err)
	}
	if s.Loss == "" {
		s.Loss = nn.LossFor(from.Net).Name()
	}
	if s.ByNumber {
		return set, nil
	}
	return from.MatchClasses(set)
}

// Create makes the run folder of the training.
func (t *Training) Create(dir string) (err error) {
	if t.Session, err = run.Create(dir, t.Settings, t.Network); err == nil {
		t.Settings = t.Session.Settings
	}
	return err
}

// Stem is the start of a name for the run's folder: the activation, or what the network
// came from.
func (t *Training) Stem() string {
	if path := t.Settings.NetPath; path != "" {
		return strings.TrimSuffix(filepath.Base(path), ".onnx")
	}
	name, _, _ := strings.Cut(t.Settings.Act, ":")
	return name
}

// Resume opens a run to go on with it. change, if not nil, is as for run.Resume.
func Resume(dir string, change func(*run.Settings) error) (*Training, error) {
	s, err := run.Resume(dir, func(set *run.Settings) error {
		if change != nil {
			if err := change(set); err != nil {
				return err
			}
		}
		return Check(*set)
	})
	if err != nil {
		return nil, err
	}
	t := &Training{Settings: s.Settings, Network: s.Network, Session: s}
	if err := t.reopenData(); err != nil {
		s.Close() // which has written nothing since
		return nil, err
	}
	return t, nil
}

// reopenData opens the data of a run that goes on.
func (t *Training) reopenData() (err error) {
	s := t.Settings
	o, err := DataOptions(s, nil)
	if err != nil {
		return err
	}
	if t.Set, err = OpenData(s.Data+s.DataPath, s.Limit, o); err != nil {
		return err
	}
	if t.Set.SHA256 != s.DataSHA256 {
		return fmt.Errorf("%s: the data set %s is not the one that the run began with (SHA-256 %s, was %s)",
			t.Session.Dir, t.Set.Name, t.Set.SHA256, s.DataSHA256)
	}
	names, err := data.ParseClassNames(s.ClassNames, t.classes())
	if err != nil {
		return fmt.Errorf("%s: class_names: %w", t.Session.Dir, err)
	}
	if t.Set, err = t.Set.MatchClasses(names, t.classes()); err != nil {
		return err
	}
	t.Notes = t.Set.Notes
	t.Fit, t.Val, err = views(t.Set, s)
	return err
}

// classes is the number of classes that the network tells apart.
func (t *Training) classes() int { return model.Classes(t.Network) }

// Close ends the session, so that another may train the run.
func (t *Training) Close() error {
	if t.Session == nil {
		return nil
	}
	return t.Session.Close()
}

// Run trains to the end that the settings ask for, or until a callback stops it. The
// session keeps checkpoints: after an error the last one is there.
func (t *Training) Run(callbacks ...train.Callback) (*train.History, error) {
	cfg := t.Session.Config()
	cfg.Validation = t.Val
	cfg.Callbacks = append(cfg.Callbacks, callbacks...)
	history, err := train.Fit(t.Network, t.Fit, cfg)
	if err != nil {
		return history, fmt.Errorf("%s: %w; its last checkpoint is kept", t.Session.Dir, err)
	}
	return history, nil
}

// Finish measures the trained network on both sets and records the result in the run. It
// returns the model that the run holds: that of the best epoch, if it restores it.
func (t *Training) Finish() (*model.Model, run.Result, error) {
	m, err := model.OpenRun(t.Session.Dir)
	if err != nil {
		return nil, run.Result{}, err
	}
	loss, err := m.Loss()
	if err != nil {
		return nil, run.Result{}, err
	}
	var scores [2]run.Score
	for i, samples := range []nn.Samples{t.Set.Train, t.Set.Test} {
		st, err := m.Evaluate(samples, loss, t.Settings.Workers)
		if err != nil {
			return nil, run.Result{}, err
		}
		scores[i] = run.ScoreOf(st)
	}
	result := run.Result{Train: scores[0], Test: scores[1]}
	return m, result, t.Session.Finish(result)
}
