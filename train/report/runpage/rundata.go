package runpage

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
)

// openData opens the data of a run as it was trained on them, from another path if one is given;
// why says why they cannot be opened.
func openData(m *model.Model, path string) (set *data.Set, why string) {
	s := *m.Settings
	if path != "" {
		recipe.SetData(&s, path)
	}
	name := s.Data + s.DataPath
	if name == "" {
		return nil, "The run does not say what data it is of."
	}
	set, err := openSet(m, name, s.Limit)
	if err != nil {
		return nil, fmt.Sprintf("The data cannot be opened: %v.", err)
	}
	if sum := s.DataSHA256; sum != "" && set.SHA256 != sum {
		return nil, fmt.Sprintf("%s now holds other data than those that the run was trained on: it is not measured on them.", name)
	}
	return set, ""
}

func openSet(m *model.Model, name string, limit int) (*data.Set, error) {
	o, err := recipe.DataOptions(*m.Settings, m.Net.InputShape())
	if err != nil {
		return nil, err
	}
	set, err := recipe.OpenData(name, limit, o)
	if err != nil {
		return nil, err
	}
	if err := m.Prepare(engine.Options{Sample: set.Train.Shape()}); err != nil {
		return nil, err
	}
	if m.Settings.ByNumber {
		return set.ByNumber(model.Classes(m.Net)), nil
	}
	return m.MatchClasses(set)
}

// samples shows the data.
func (p *runPage) samples() error {
	s := p.section("data", "Data")
	if p.data == nil {
		s.say(p.noData)
		return nil
	}
	return s.addData(p.data, p.model.Settings.DataSHA256)
}

// The montage of a set: at most so many classes, each with so many samples.
const (
	montageRows    = 10
	montageColumns = 12
)

// addData describes a set and shows some of its training samples.
func (s *section) addData(set *data.Set, sum string) error {
	d, err := report.DataOf(set)
	if err != nil {
		return err
	}
	t := &table{Head: heads("set", "#samples", "shape", "samples of each class")}
	for _, one := range d.Sets {
		t.Rows = append(t.Rows, []cell{text(one.Set), number(report.Thousands(one.Samples)), text(one.Shape.String()), long(strings.Trim(fmt.Sprint(one.ClassCounts), "[]"))})
	}
	s.say(fmt.Sprintf("%s, SHA-256 %s. Mean and standard deviation of the training pixels: %s.", set.Name, sum, d.Normalize))
	s.add(part{Table: t})
	rows := min(set.Train.Classes(), montageRows)
	img, err := data.Montage(set.Train, rows, montageColumns, 1)
	if err != nil {
		s.say("Its samples are no pictures, so none are shown.")
		return nil
	}
	caption := fmt.Sprintf("A row for each class: %s", classList(set.ClassNames, rows))
	pic, err := pixels("Samples", caption, fmt.Sprintf("Training samples of %s, %d of each of %d classes", set.Name, montageColumns, rows), img, min(800, 2*img.Bounds().Dx()))
	if err != nil {
		return err
	}
	s.add(pic)
	return nil
}

func classList(names data.ClassNames, rows int) string {
	var all []string
	for k := range rows {
		all = append(all, names.Of(k))
	}
	return strings.Join(all, ", ")
}

// mistakes shows the confusion matrix, the scores of the classes and the worst mistakes on the test
// set.
func (p *runPage) mistakes() error {
	s := p.section("mistakes", "Mistakes")
	switch {
	case p.data == nil:
		s.say(p.noData + " There is no confusion matrix, and no mistakes are shown.")
		return nil
	case len(p.summary.Metrics) == 0:
		return nil
	}
	e, err := evaluate(p.model, p.data, p.options.Workers)
	if err != nil {
		s.say(fmt.Sprintf("It cannot be measured on the test set: %v.", err))
		return nil
	}
	in := &kinds.Input{Sources: []kinds.Source{p.source}, Data: p.data, Workers: p.options.Workers}
	if err := p.colors.draw(s, "Confusion matrix", in, "confusion", 0, confusionAlt(e)); err != nil {
		return err
	}
	s.addClasses(e)
	in.Options = map[string]string{"count": "12"}
	if e.Accuracy == 1 {
		s.say("It makes no mistakes on the test set.")
		return nil
	}
	return p.colors.draw(s, "The worst mistakes", in, "mistakes", 2, "The test samples with the largest losses, each with its true class and what it was taken for")
}

// evaluate measures a model on the test set.
func evaluate(m *model.Model, set *data.Set, workers int) (*report.Eval, error) {
	loss, err := m.Loss()
	if err != nil {
		return nil, err
	}
	scores, err := m.Scores(set.Test, loss, workers)
	if err != nil {
		return nil, err
	}
	e := &report.Eval{ClassNames: set.ClassNames}
	e.Fill(scores, set.Train.Classes() < model.Classes(m.Net))
	return e, nil
}

// confusionAlt names the most frequent mistakes.
func confusionAlt(e *report.Eval) string {
	most, from, to := 0, 0, 0
	for i, row := range e.Confusion {
		for k, n := range row {
			if i != k && n > most {
				most, from, to = n, i, k
			}
		}
	}
	text := fmt.Sprintf("Confusion matrix of %d test samples, accuracy %.4f", e.Samples, e.Accuracy)
	if most > 0 {
		text += fmt.Sprintf("; the most frequent mistake, %d times, takes %s for %s", most, e.ClassNames.Of(from), e.ClassNames.Of(to))
	}
	return text
}

// maxClasses bounds the rows of a table of classes that is open.
const maxClasses = 20

func (s *section) addClasses(e *report.Eval) {
	t := &table{Caption: "Scores of each class on the test set", Head: heads("class", "#precision", "#recall", "#F1", "#samples")}
	row := func(name string, c report.ClassScore) {
		t.Rows = append(t.Rows, []cell{text(name), number(figure(c.Precision)), number(figure(c.Recall)), number(figure(c.F1)), number(report.Thousands(c.Support))})
	}
	for _, c := range e.Classes {
		row(e.ClassNames.Of(*c.Class), c)
	}
	row("mean", e.Macro)
	if len(e.Classes) <= maxClasses {
		s.add(part{Table: t})
		return
	}
	s.add(part{More: fmt.Sprintf("Scores of %d classes", len(e.Classes)), Hidden: []part{{Table: t}}})
}
