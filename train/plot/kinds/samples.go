package kinds

import (
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/run"
)

// Options of kinds that show samples.
var (
	sampleOption = Option{Name: "sample", Usage: "`LIST` of samples of the test set, by number from 0, as in 5,17"}
	trainOption  = Option{Name: "train-set", Usage: "take samples of the training set instead of the test set", Bool: true}
	layerOption  = Option{Name: "layer", Usage: "`NAME` of a layer, for maps also a list; gonn inspect lists them"}
)

// set is the part of the data that samples are of, and its name.
func (in *Input) set() (samples nn.Samples, name string) {
	if in.Bool(trainOption.Name) {
		return in.Data.Train, "training set"
	}
	return in.Data.Test, "test set"
}

// lossOn is the loss that a model was trained with, to measure it on a set of a name by.
func (in *Input) lossOn(set nn.Samples, name string, m *model.Model) (nn.Loss, error) {
	if err := m.CheckSamples(in.Data.Name, set.Shape()); err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	if set.Len() == 0 {
		return nil, fmt.Errorf("the %s of %s has no samples", name, in.Data.Name)
	}
	return recipe.LossFor(m, run.Settings{}, in.Data.Train)
}

// one is the only source, of a picture that takes one.
func (in *Input) one(picture string) (*Source, error) {
	if len(in.Sources) != 1 {
		return nil, Usage("%s takes one run or model, got %d", picture, len(in.Sources))
	}
	return &in.Sources[0], nil
}

// network is the only source, an error if there are others or it has no trainable form.
func (in *Input) network(picture string) (*Source, error) {
	src, err := in.one(picture)
	if err == nil && src.Model.Foreign != nil {
		err = src.Model.Untrainable()
	}
	return src, err
}

// trainable is the network of a model, an error if it has no trainable form.
func trainable(m *model.Model) (*nn.Network, error) {
	if m.Foreign != nil {
		return nil, m.Untrainable()
	}
	if err := m.Net.CheckSingle(); err != nil {
		return nil, fmt.Errorf("%s: the picture is of networks with one input and one output: %w", m.Name, err)
	}
	return m.Net, nil
}

// samples are pictures, and what a network reads of them.
type samples struct {
	pictures []image.Image
	names    []string
	labels   []int // −1 if it is not known
	x        *nn.Tensor
}

// samplesOf are the pictures that were given for a source, else the samples of --sample, else
// those of the first groups of the data (a digit and its inverse), until there are at least
// count. most is how many there may be.
func (in *Input) samplesOf(src *Source, count, most int) (*samples, error) {
	s := &samples{names: slices.Clone(src.PictureNames)}
	var from nn.Samples
	var index []int
	if src.Pictures != nil {
		from = src.Pictures
		if in.Options[sampleOption.Name] != "" || in.Bool(trainOption.Name) {
			return nil, Usage("pictures and samples of a data set are given: choose one of the two")
		}
		for i := range from.Len() {
			index, s.labels = append(index, i), append(s.labels, -1)
		}
	} else {
		var err error
		if from, index, err = in.chosen(src.Model, count); err != nil {
			return nil, err
		}
		for _, i := range index {
			s.names, s.labels = append(s.names, fmt.Sprintf("sample %d", i)), append(s.labels, from.Label(i))
		}
	}
	if len(index) == 0 {
		return nil, fmt.Errorf("%s has no samples to draw", in.Data.Name)
	}
	if len(index) > most {
		return nil, Usage("%d samples: choose at most %d", len(index), most)
	}
	return s, s.read(src.Model, from, index)
}

// chosen are the numbers of samples of the data.
func (in *Input) chosen(m *model.Model, count int) (nn.Samples, []int, error) {
	set, name := in.set()
	if err := m.CheckSamples(in.Data.Name, set.Shape()); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	list := in.List(sampleOption.Name)
	if list == nil {
		return set, firstGroups(set, count), nil
	}
	var index []int
	for _, text := range list {
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= set.Len() {
			return nil, nil, Usage("--sample %s: the %s of %s has samples 0 to %d", text, name, in.Data.Name, set.Len()-1)
		}
		index = append(index, i)
	}
	return set, index, nil
}

// firstGroups are the samples of the first groups of a set that are of different classes, at
// least count if there are enough.
func firstGroups(s nn.Samples, count int) []int {
	group := func(i int) int { return i }
	if grouped, ok := s.(data.Grouped); ok {
		group = grouped.Group
	}
	var index []int
	seen := map[int]bool{}
	for i := 0; i < s.Len() && len(index) < count; i++ {
		if seen[s.Label(i)] {
			continue
		}
		seen[s.Label(i)] = true
		for k := i; k < s.Len(); k++ {
			if group(k) == group(i) {
				index = append(index, k)
			}
		}
	}
	return index
}

// read reads samples of a set as pictures and as a model reads them.
func (s *samples) read(m *model.Model, from nn.Samples, index []int) error {
	normalized, err := m.Normalized(from)
	if err != nil {
		return err
	}
	s.x = nn.NewTensor(append([]int{len(index)}, from.Shape()...)...)
	for k, i := range index {
		p, err := data.Picture(from, i)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		s.pictures = append(s.pictures, p)
		if err := nn.ReadSample(s.x.Sample(k), normalized, i); err != nil {
			return err
		}
	}
	return nil
}

// aspect is the height of the pictures by their width.
func (s *samples) aspect() float64 {
	b := s.pictures[0].Bounds()
	return float64(b.Dy()) / float64(b.Dx())
}

// answers are the class that a model takes each sample for, and the probabilities of all.
func (s *samples) answers(m *model.Model, net *nn.Network) (classes []int, p [][]float32, err error) {
	loss, err := m.Loss()
	if err != nil {
		return nil, nil, err
	}
	y, err := net.Forward(s.x)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	for i := range s.pictures {
		class := net.Output().Class(y.Sample(i))
		if class == nn.NoClass {
			return nil, nil, fmt.Errorf("%s: the answer of %s is not a number", s.names[i], m.Name)
		}
		classes = append(classes, class)
	}
	return classes, m.Probabilities(loss, y), nil
}

// maxName bounds the letters of names in titles and at axes.
const maxName = 13

func className(names data.ClassNames, class int) string {
	return table.Shorten(names.Of(class), maxName)
}

// inLines breaks titles of panels in a number of columns: where they are too long, the part behind
// an arrow or colon goes to the next line.
func inLines(titles []string, columns int) {
	longest := 0
	for _, t := range titles {
		longest = max(longest, len([]rune(t)))
	}
	if longest*columns <= 115 {
		return
	}
	for i, t := range titles {
		before, after, ok := strings.Cut(t, " → ")
		if ok {
			titles[i] = before + "\n→ " + after
		} else if before, after, ok = strings.Cut(t, ": "); ok {
			titles[i] = before + ":\n" + after
		}
	}
}
