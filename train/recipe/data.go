package recipe

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/data/mnist"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Embedded are the data sets that are part of the program.
var Embedded = []string{"mnist-inverted", "mnist"}

// OpenData opens an embedded set by name, or what data.Open reads. limit is the number of
// samples of each part, 0 for all.
func OpenData(name string, limit int, o data.Options) (*data.Set, error) {
	if limit < 0 {
		return nil, wrong("limit", limit, "need 1 or more samples, or 0 for all")
	}
	open := o.Open
	if slices.Contains(Embedded, name) {
		open = func(name string) (*data.Set, error) { return openEmbedded(name, o.Resize) }
	}
	set, err := open(name)
	if errors.Is(err, fs.ErrNotExist) {
		if _, there := os.Lstat(name); there != nil {
			return nil, wrong("data", name, "no such data set; choose %s, or %s", strings.Join(Embedded, ", "), data.Formats)
		}
	}
	if err != nil {
		return nil, err
	}
	return set.Limit(limit), nil
}

func openEmbedded(name string, size data.Resize) (*data.Set, error) {
	var parts [2]*data.Images
	for i, read := range []func() (*data.Images, error){mnist.Train, mnist.Test} {
		m, err := read()
		if err != nil {
			return nil, err
		}
		if parts[i], err = m.Resized(size); err != nil {
			return nil, of("resize", err)
		}
	}
	if name == "mnist" {
		return data.NewSet(name, parts[0], parts[1])
	}
	return data.NewInvertedSet(name, parts[0], parts[1])
}

// DataOptions are how settings read their data. shape is that of the samples that a network
// takes, nil if it is not known: a way of resizing without a size takes it.
func DataOptions(s run.Settings, shape nn.Shape) (data.Options, error) {
	r, err := data.ParseResize(s.Resize)
	if err != nil {
		return data.Options{}, of("resize", err)
	}
	return data.Options{Resize: r.To(shape), EMNIST: s.EMNIST, SkipUnreadable: s.SkipUnreadable}, nil
}

// DataOf is the set that the first of the models was trained on that tells of one that can
// be opened, else DefaultData; told reports whether one does.
func DataOf(models ...*model.Model) (name string, told bool) {
	for _, m := range models {
		name := m.Data()
		if name != "" && (m.Settings != nil || slices.Contains(Embedded, name)) {
			return name, true
		}
	}
	return DefaultData, false
}

// split gives the samples to fit and those for validation: the data's own, or a share of
// the training set; nil for none.
func split(set *data.Set, s run.Settings) (fit, val nn.Samples, err error) {
	switch {
	case s.Val == 0:
		return set.Train, set.Val, nil
	case set.Val != nil:
		return nil, nil, wrong("val", s.Val, "%s has samples for validation of its own: leave it out", set.Name)
	}
	a, b, err := data.Split(set.Train, s.Val, s.Seed)
	if err != nil {
		return nil, nil, of("val", err)
	}
	return a, b, nil
}

// views are the samples that a training sees: those to fit changed at random in each epoch,
// and both normalised.
func views(set *data.Set, s run.Settings) (fit, val nn.Samples, err error) {
	if fit, val, err = split(set, s); err != nil {
		return nil, nil, err
	}
	changes, err := data.ParseAugmentation(s.Augment)
	if err != nil {
		return nil, nil, of("augment", err)
	}
	if len(changes) > 0 {
		if fit, err = data.Augment(fit, changes, s.Seed); err != nil {
			return nil, nil, of("augment", err)
		}
	}
	if fit, err = data.NormalizeBy(fit, s.Normalize); err != nil {
		return nil, nil, of("normalize", err)
	}
	if val != nil {
		val, err = data.NormalizeBy(val, s.Normalize)
	}
	return fit, val, err
}

// resolveNormalize turns auto into the numbers of the samples that are trained on, and
// nothing into those of the network that training starts from, nil for a preset.
func resolveNormalize(s *run.Settings, set *data.Set, from *model.Model) error {
	switch s.Normalize {
	case "none":
		if s.Normalize = ""; from != nil && from.Normalize != "" {
			s.Normalize = data.Norm{}.String() // and not the network's own, also when these settings are used again
		}
	case "auto":
		fit, _, err := split(set, *s)
		if err != nil {
			return err
		}
		n, err := data.NormOf(fit)
		if err != nil {
			return of("normalize", err)
		}
		s.Normalize = n.String()
	case "":
		if from != nil {
			s.Normalize = from.Normalize
		}
	}
	return nil
}
