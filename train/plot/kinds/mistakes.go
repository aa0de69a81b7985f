package kinds

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/score"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var mistakes = &Kind{
	Name: "mistakes", Usage: "the samples that a model takes for another class, the largest loss first",
	Takes: OneModel, Data: true,
	Options: []Option{trainOption, {Name: "count", Usage: "draw at most `N` of them (default: 24)"}},
	Draw:    drawMistakes,
}

func drawMistakes(in *Input) (*plot.Figure, error) {
	src, err := in.one("mistakes")
	if err != nil {
		return nil, err
	}
	count, err := in.Int("count", 24, 1, 200)
	if err != nil {
		return nil, err
	}
	set, name := in.set()
	loss, err := in.lossOn(set, name, src.Model)
	if err != nil {
		return nil, err
	}
	worst, of, err := src.Model.Mistakes(set, loss, count, in.Workers)
	if err != nil {
		return nil, err
	}
	if of == 0 {
		return nil, fmt.Errorf("%s takes every sample of the %s of %s for its class: there are no mistakes to draw", src.Name, name, in.Data.Name)
	}
	f := &plot.Figure{
		Title: fmt.Sprintf("Mistakes of %s on the %s of %s", src.Name, name, in.Data.Name),
		Note:  fmt.Sprintf("%d of %d samples are taken for another class; the %d with the largest loss, as sample: true class → taken for (probability)", of, set.Len(), len(worst)),
	}
	if len(worst) == 1 {
		f.Note = fmt.Sprintf("%d of %d samples are taken for another class, as sample: true class → taken for (probability)", of, set.Len())
	}
	titles := make([]string, len(worst))
	for i, m := range worst {
		titles[i] = mistakeTitle(m, in.Data.ClassNames)
	}
	f.Columns = min(6, len(worst))
	inLines(titles, f.Columns)
	for i, m := range worst {
		img, err := data.Picture(set, m.Sample)
		if err != nil {
			return nil, err
		}
		b := img.Bounds()
		f.Aspect = float64(b.Dy()) / float64(b.Dx())
		f.Panels = append(f.Panels, framed(titles[i], img, f.Aspect))
	}
	return f, nil
}

func mistakeTitle(m score.Mistake, names data.ClassNames) string {
	if m.Predicted == nn.NoClass {
		return fmt.Sprintf("%d: %s → no number", m.Sample, className(names, m.Label))
	}
	return fmt.Sprintf("%d: %s → %s (%.2f)", m.Sample, className(names, m.Label), className(names, m.Predicted), m.Probability)
}
