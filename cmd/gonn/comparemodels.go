package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/report"
)

// modelsReport holds two networks side by side on the same test set.
type modelsReport struct {
	Data      string         `json:"data"`
	Samples   int            `json:"samples"`
	Models    [2]modelReport `json:"models"`
	Agree     int            `json:"agree"`
	Agreement float64        `json:"agreement"`
}

type modelReport struct {
	Name     string        `json:"name"`
	Loss     float64       `json:"loss"`
	Accuracy float64       `json:"accuracy"`
	Slopes   []slopeReport `json:"slopes"`
}

type slopeReport struct {
	Layer     string  `json:"layer"`
	Kind      string  `json:"kind"`
	Sharing   string  `json:"sharing"`
	Mean      float64 `json:"mean"`
	Std       float64 `json:"std"`
	Min       float64 `json:"min"`
	Max       float64 `json:"max"`
	Below     float64 `json:"share_below_0"`
	histogram string
}

// compareModels puts the reference beside a second model. Where recorded data has
// already answered the question of the command, the newest run is not dragged in.
func (r *compareReport) compareModels(c *cli.Context, ref *source) error {
	second := c.Args().Get(1)
	if second == "" && c.String("run") == "" && r.Equal != nil {
		return nil
	}
	other, err := openSource(c, second)
	if err != nil {
		return err
	}
	if err := makeRunnable(c, ref, other); err != nil {
		return err
	}
	for _, src := range []*source{ref, other} {
		src.noteForeign(c.App.ErrWriter)
	}
	set, err := dataFor(c, other, ref)
	if err != nil {
		return err
	}
	forRef, err := asRead(c, ref, set.Test)
	if err != nil {
		return err
	}
	forOther, err := asRead(c, other, set.Test)
	if err != nil {
		return err
	}
	a, err := parity.Models(ref.Net, other.Net, forRef, forOther, c.Int("workers"))
	if err != nil {
		return err
	}
	r.Models = &modelsReport{
		Data: set.Name, Samples: a.A.Samples, Agree: a.Agree, Agreement: a.Agreement(),
		Models: [2]modelReport{modelOf(ref, a.A), modelOf(other, a.B)},
	}
	return nil
}

func modelOf(s *source, st nn.Stats) modelReport {
	m := modelReport{Name: s.Name, Loss: st.Loss(), Accuracy: st.Accuracy(), Slopes: []slopeReport{}}
	for _, v := range report.SlopesOf(s.Net) {
		m.Slopes = append(m.Slopes, slopeReport{
			v.Layer, v.Kind, v.Sharing, v.Mean, v.Std, v.Min, v.Max, v.Below, histogramOf(v),
		})
	}
	return m
}

func (r *modelsReport) print(w io.Writer) {
	fmt.Fprintf(w, "both on %s, %d test samples:\n", r.Data, r.Samples)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  model\tloss\taccuracy")
	for _, m := range r.Models {
		fmt.Fprintf(t, "  %s\t%.4f\t%.4f\n", m.Name, m.Loss, m.Accuracy)
	}
	t.Flush()
	fmt.Fprintf(w, "  same class for %d of %d samples (%.2f %%)\n", r.Agree, r.Samples, 100*r.Agreement)
	if len(r.Models[0].Slopes)+len(r.Models[1].Slopes) == 0 {
		return
	}
	fmt.Fprintln(t, "  slopes\tmodel\tshared\tmean\tstd\tmin\tmax\tbelow 0\thistogram (min…max)")
	for i := range max(len(r.Models[0].Slopes), len(r.Models[1].Slopes)) {
		for _, m := range r.Models {
			if i < len(m.Slopes) {
				s := m.Slopes[i]
				fmt.Fprintf(t, "  %s (%s)\t%s\t%s\t%.4f\t%.4f\t%.4f\t%.4f\t%.1f %%\t%s\n",
					s.Layer, s.Kind, m.Name, s.Sharing, s.Mean, s.Std, s.Min, s.Max, 100*s.Below, s.histogram)
			}
		}
	}
	t.Flush()
}
