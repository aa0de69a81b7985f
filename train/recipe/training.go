package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
	"github.com/gonn-toolkit/gonn/train/tensorboard"
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

	events *tensorboard.Logger // nil without event files, and before Run
}

// New opens the data and builds the network that settings ask for. It writes nothing.
func New(s run.Settings) (*Training, error) { return Opener(OpenData).New(s) }

// New is New with data sets from open.
func (open Opener) New(s run.Settings) (*Training, error) {
	s, err := Complete(s)
	if err != nil {
		return nil, err
	}
	from, err := openStart(s)
	if err != nil {
		return nil, err
	}
	set, err := open.openFor(&s, from)
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
		return nil, &SettingError{Err: fmt.Errorf("%s: %w", set.Name, err)}
	}
	if s.ClassWeights, err = classWeights(s.ClassWeights, t.Fit); err != nil {
		return nil, err
	}
	t.Settings, t.Notes = s, set.Notes
	if err := t.noteSchedule(s); err != nil {
		return nil, err
	}
	if from != nil {
		from.Normalize = s.Normalize
		t.Notes = append(append(t.Notes, from.Notes()...), from.PixelNotes()...)
	}
	t.Network, err = network(s, from, set.Train)
	return t, err
}

// openFor opens the data of settings for a network that is there already, nil for a preset:
// as it reads pictures, with the labels that it has for their classes.
func (open Opener) openFor(s *run.Settings, from *model.Model) (*data.Set, error) {
	var shape nn.Shape
	if from != nil {
		s.Resize = cmp.Or(s.Resize, from.Resize().String())
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
	set, err := open(s.Data+s.DataPath, s.Limit, o)
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
		s.Loss = trainingLoss(from.Net)
	}
	if s.ByNumber {
		return set.ByNumber(model.Classes(from.Net)), nil
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
		if abs, err := filepath.Abs(path); err == nil {
			path = abs // of "." too
		}
		name := strings.TrimSuffix(filepath.Base(path), ".onnx")
		name = strings.NewReplacer(`\`, "-", ":", "-").Replace(strings.TrimLeft(name, "."))
		return cmp.Or(name, "model")
	}
	name, _, _ := strings.Cut(t.Settings.Act, ":")
	return name
}

// Resume opens a run to go on with it. change, if not nil, is as for run.Resume.
func Resume(dir string, change func(*run.Settings) error) (*Training, error) {
	return Opener(OpenData).Resume(dir, change)
}

// Resume is Resume with data sets from open.
func (open Opener) Resume(dir string, change func(*run.Settings) error) (*Training, error) {
	t := &Training{}
	var err error
	t.Session, err = run.Resume(dir, func(set *run.Settings) error {
		if change != nil {
			if err := change(set); err != nil {
				return err
			}
		}
		if err := Check(*set); err != nil {
			return err
		}
		return t.reopenData(open, dir, *set) // before anything of the run is written
	})
	if err != nil {
		return nil, err
	}
	t.Settings, t.Network = t.Session.Settings, t.Session.Network
	if list := t.Session.Differences(); len(list) > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s goes on with %s: its bytes may differ from those of a run in one go", dir, strings.Join(list, "; ")))
	}
	return t, nil
}

// reopenData opens the data of a run that goes on.
func (t *Training) reopenData(open Opener, dir string, s run.Settings) error {
	o, err := DataOptions(s, nil)
	if err != nil {
		return err
	}
	set, err := open(s.Data+s.DataPath, s.Limit, o)
	if err != nil && s.DataPath != "" {
		return fmt.Errorf("the data that %s was trained on: %w; --data says where they are, if they have moved", dir, err)
	}
	if err != nil {
		return err
	}
	if s.DataSHA256 == "" {
		return fmt.Errorf("%s was imported and has not been trained yet: begin with --net %s", dir, shell.Word(dir))
	}
	if set.SHA256 != s.DataSHA256 {
		return fmt.Errorf("%s: the data set %s is not the one that the run began with (SHA-256 %s, was %s)",
			dir, set.Name, set.SHA256, s.DataSHA256)
	}
	m, err := model.OpenRun(dir)
	if err != nil {
		return err
	}
	if s.ByNumber {
		set = set.ByNumber(model.Classes(m.Net))
	} else if set, err = m.MatchClasses(set); err != nil {
		return err
	}
	t.Set, t.Notes = set, set.Notes
	if t.Fit, t.Val, err = views(set, s); err != nil {
		return err
	}
	return t.noteSchedule(s)
}

// noteSchedule adds a note if the schedule ends before the training.
func (t *Training) noteSchedule(s run.Settings) error {
	note, err := s.ScheduleNote(t.Fit.Len())
	if note != "" {
		t.Notes = append(slices.Clip(t.Notes), note)
	}
	return err
}

// Close ends the session, so that another may train the run.
func (t *Training) Close() error {
	if t.Session == nil {
		return nil
	}
	return t.Session.Close()
}

// errNotCreated is what becomes of a training without a run folder.
var errNotCreated = errors.New("the training has no run folder: call Create first")

// Run trains to the end that the settings ask for, or until a callback stops it. The
// session keeps checkpoints: after an error the last one is there.
func (t *Training) Run(callbacks ...train.Callback) (*train.History, error) {
	if t.Session == nil {
		return nil, errNotCreated
	}
	var beforeSave []train.Callback
	if t.Settings.TensorBoard {
		t.events = t.logger()
		beforeSave = append(beforeSave, t.events)
	}
	cfg := t.Session.Config(beforeSave...)
	cfg.Validation = t.Val
	cfg.Callbacks = append(cfg.Callbacks, callbacks...)
	history, err := train.Fit(t.Network, t.Fit, cfg)
	if err != nil {
		kept := "its last checkpoint is kept"
		if t.Session.Position() == (train.Position{}) {
			kept = "nothing is trained yet, and the run stands at its start"
		}
		return history, fmt.Errorf("%s: %w; %s", t.Session.Dir, err, kept)
	}
	return history, nil
}
