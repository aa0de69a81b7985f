package recipe

import (
	"reflect"
	"slices"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/tensorboard"
)

// logger writes the event files of a training into its run's folder.
func (t *Training) logger() *tensorboard.Logger {
	s := t.Session.Settings
	return &tensorboard.Logger{
		Dir:   t.Session.Dir,
		Every: s.Histograms,
		About: tensorboard.About{Hparams: hparams(s), Settings: settings(s), Samples: t.Set.Train, History: t.Session.Metrics()},
	}
}

// PastEvents are the events of the training of a run, as far as its files tell of it.
func PastEvents(dir string) (*tensorboard.Past, error) {
	r, err := run.Open(dir)
	if err != nil {
		return nil, err
	}
	p := &tensorboard.Past{
		About:   tensorboard.About{Hparams: hparams(r.Settings), Settings: settings(r.Settings), History: r.Metrics},
		Network: r.Network,
		Epoch:   -1,
	}
	if len(r.Sessions) > 0 {
		p.Start = r.Sessions[0].Started
	}
	if r.BestEpoch > 0 {
		p.Epoch = r.BestEpoch
	} else if r.Position.Step == 0 {
		p.Epoch = r.Position.Epoch
	}
	if r.Result != nil {
		p.Results = results(*r.Result)
	}
	return p, nil
}

// hparams are the settings that a training is told apart by, for TensorBoard.
func hparams(s run.Settings) []tensorboard.Hparam {
	return slices.DeleteFunc(settings(s), func(h tensorboard.Hparam) bool { return run.Incidental(h.Name) })
}

// settings are those that are not at zero, and the seed.
func settings(s run.Settings) (list []tensorboard.Hparam) {
	for name, value := range s.All() {
		if name == "seed" || !reflect.ValueOf(value).IsZero() {
			list = append(list, tensorboard.Hparam{Name: name, Value: value})
		}
	}
	return list
}

// results are what Finish has measured, for event files.
func results(r run.Result) []train.Value {
	return []train.Value{
		{Name: "result/train_loss", Value: r.Train.Loss}, {Name: "result/train_accuracy", Value: r.Train.Accuracy},
		{Name: "result/test_loss", Value: r.Test.Loss}, {Name: "result/test_accuracy", Value: r.Test.Accuracy},
	}
}
