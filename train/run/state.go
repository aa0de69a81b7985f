package run

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/run/internal/safetensors"
)

// stateVersion changes when an older gonn could not resume from the file.
const stateVersion = "1"

// tensors are the vectors of a state, under their names in the file. They are the
// training's own: filling them restores the state.
//
//	param/conv1.weight            the last parameters
//	best/conv1.weight             those of the best epoch, once there is one
//	optim/exp_avg/conv1.weight    the optimizer's moments; none of frozen parameters
//	metric/dead/act1              what metrics remember within an epoch
func (s *Session) tensors() []safetensors.Tensor {
	var ts []safetensors.Tensor
	add := func(prefix string, p *nn.Param, values []float32) {
		ts = append(ts, safetensors.Tensor{Name: prefix + p.FullName(), Shape: p.Shape, Data: values})
	}
	place := map[*nn.Param]int{} // in the optimizer
	for i, p := range s.optimizer.Params() {
		place[p] = i
	}
	for i, p := range s.Network.Params() {
		add("param/", p, p.Data)
		if s.best.Weights != nil {
			add("best/", p, s.best.Weights[i])
		}
		at, ok := place[p]
		if !ok {
			continue
		}
		for _, m := range s.optimizer.State().Moments {
			if m.Values[at] == nil {
				continue
			}
			add("optim/"+m.Name+"/", p, m.Values[at])
		}
	}
	_, memories := s.memories()
	return append(ts, memories...)
}

// scalar is a number of the state, in the file's metadata.
type scalar struct {
	name  string
	value any // *int, *uint64 or *float64
}

func (s *Session) scalars() []scalar {
	p := &s.position
	list := []scalar{
		{"seed", &s.Settings.Seed},
		{"epoch", &p.Epoch},
		{"step", &p.Step},
		{"running_samples", &p.Running.Samples},
		{"running_correct", &p.Running.Correct},
		{"running_loss_sum", &p.Running.LossSum},
		{"running_weight", &p.Running.Weight},
		{"optimizer_steps", &s.optimizer.State().Steps},
		{"lr", &s.lr},
		{"best_loss", &s.best.Lowest.Loss},
		{"best_epoch", &s.best.Lowest.Epoch},
		{"early_stopping_loss", &s.early.Lowest.Loss},
		{"early_stopping_epoch", &s.early.Lowest.Epoch},
		{"early_stopping_waited", &s.early.Waited},
	}
	// Schedules are functions of the position, but for these.
	if p := optim.PlateauOf(s.schedule); p != nil {
		list = append(list, scalar{"plateau_lr", &s.base}, scalar{"plateau_loss", &p.Best},
			scalar{"plateau_epochs", &p.Epochs}, scalar{"plateau_waited", &p.Waited}, scalar{"plateau_cooling", &p.Cooling})
	}
	return list
}

// format writes floats in hexadecimal, which is exact.
func (c scalar) format() string {
	switch v := c.value.(type) {
	case *int:
		return strconv.Itoa(*v)
	case *uint64:
		return strconv.FormatUint(*v, 10)
	case *float64:
		return strconv.FormatFloat(*v, 'x', -1, 64)
	}
	panic(fmt.Sprintf("run: a scalar of type %T", c.value))
}

func (c scalar) parse(text string) (err error) {
	switch v := c.value.(type) {
	case *int:
		*v, err = strconv.Atoi(text)
	case *uint64:
		*v, err = strconv.ParseUint(text, 10, 64)
	case *float64:
		*v, err = strconv.ParseFloat(text, 64)
	}
	return err
}

func (s *Session) encodeState() ([]byte, error) {
	s.lr = s.optimizer.LR()
	f := &safetensors.File{Metadata: map[string]string{"gonn_state": stateVersion}, Tensors: s.tensors()}
	memories, _ := s.memories()
	for _, c := range append(s.scalars(), memories...) {
		f.Metadata[c.name] = c.format()
	}
	return safetensors.Encode(f)
}

func (s *Session) readState() error {
	b, err := s.record.read(s.Dir, stateFile)
	if err != nil {
		return err
	}
	if err := s.decodeState(b); err != nil {
		return s.inState(err)
	}
	return nil
}

func (s *Session) inState(err error) error {
	return fmt.Errorf("%s: %w; restore the files of one run from a copy, or start a new run", filepath.Join(s.Dir, stateFile), err)
}

func (s *Session) decodeState(b []byte) error {
	f, err := safetensors.Decode(b)
	if err != nil {
		return fmt.Errorf("the file is damaged: %w", err)
	}
	if err := s.fillState(f); err != nil {
		return err
	}
	s.optimizer.SetLR(s.lr)
	return nil
}

// fillState gives the training the values of a file, which must be those of exactly
// this network, optimizer and seed.
func (s *Session) fillState(f *safetensors.File) error {
	if v := f.Metadata["gonn_state"]; v != stateVersion {
		return fmt.Errorf("its version is %q, this program reads %s", v, stateVersion)
	}
	seed := s.Settings.Seed
	if err := fillScalars(f, s.scalars()); err != nil {
		return err
	}
	memories, _ := s.memories() // by now it is known whether there are any
	if err := fillScalars(f, memories); err != nil {
		return err
	}
	if s.Settings.Seed != seed {
		return fmt.Errorf("its seed is %d, that of %s is %d", s.Settings.Seed, recordFile, seed)
	}
	if s.best.Lowest.Epoch > 0 {
		s.best.Allocate(s.Network)
	}
	want := s.tensors()
	byName := map[string]int{}
	for i, t := range f.Tensors {
		byName[t.Name] = i
	}
	for _, t := range want {
		i, ok := byName[t.Name]
		if !ok {
			return fmt.Errorf("it has no tensor %q, which %s and %s ask for", t.Name, modelFile, recordFile)
		}
		if u := f.Tensors[i]; !nn.Shape(u.Shape).Equal(t.Shape) {
			return fmt.Errorf("tensor %q has shape %v, %s asks for %v", t.Name, u.Shape, modelFile, t.Shape)
		}
		copy(t.Data, f.Tensors[i].Data)
	}
	return checkSurplus(f.Tensors, want)
}

func fillScalars(f *safetensors.File, scalars []scalar) error {
	for _, c := range scalars {
		text, ok := f.Metadata[c.name]
		if !ok && c.name == "running_weight" { // from before there were class weights
			text = f.Metadata["running_samples"]
		}
		if err := c.parse(text); err != nil {
			return fmt.Errorf("%s is %q, need a number", c.name, text)
		}
	}
	return nil
}

// checkSurplus is an error if a file has tensors beside those that are wanted.
func checkSurplus(got, want []safetensors.Tensor) error {
	wanted := map[string]bool{}
	for _, t := range want {
		wanted[t.Name] = true
	}
	var surplus []string
	for _, t := range got {
		if !wanted[t.Name] {
			surplus = append(surplus, t.Name)
		}
	}
	if len(surplus) == 0 {
		return nil
	}
	return fmt.Errorf("it has a tensor %q, which %s and %s do not ask for", slices.Min(surplus), modelFile, recordFile)
}
