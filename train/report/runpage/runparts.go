package runpage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/plot/kinds"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// draw adds a picture of gonn plot to a section, with a heading that may be "".
func (p *palette) draw(s *section, heading string, in *kinds.Input, kind string, columns int, alt string) error {
	k, err := kinds.Find(kind)
	if err != nil {
		return err
	}
	f, err := k.Draw(in)
	if err != nil {
		return err
	}
	f.Title = heading
	part, err := p.picture(f, columns, alt)
	if err == nil {
		s.add(part)
	}
	return err
}

// input is that of a picture of the run alone, with options.
func (p *runPage) input(options ...string) *kinds.Input {
	in := &kinds.Input{Sources: []kinds.Source{p.source}, Options: map[string]string{}, Workers: p.options.Workers}
	for i := 0; i < len(options); i += 2 {
		in.Options[options[i]] = options[i+1]
	}
	return in
}

// bestText says which epoch was best, and which the run holds.
func bestText(best train.EpochMetrics, done int, restored bool) string {
	name, loss := best.Monitored()
	what := map[bool]string{true: "validation loss", false: "training loss"}[name == "val_loss"]
	text := fmt.Sprintf("The %s was lowest in epoch %d of %d, %.4f", what, best.Epoch, done, loss)
	switch {
	case best.Epoch == done:
		return text + ", the last."
	case restored:
		return text + "; the run holds that epoch."
	}
	return text + "; the run holds the last epoch."
}

// curves shows metrics over epochs.
func (p *runPage) curves() error {
	s := p.section("curves", "Training")
	epochs := p.summary.Metrics
	if len(epochs) == 0 {
		return nil
	}
	metrics := slices.DeleteFunc([]string{"loss", "accuracy", "lr"}, func(name string) bool {
		return !recorded(epochs, name) || name == "lr" && constant(epochs)
	})
	if err := p.colors.draw(s, "", p.input("metric", strings.Join(metrics, ",")), "curves", 1, curvesAlt(epochs)); err != nil {
		return err
	}
	s.add(part{More: "Every epoch as a table", Hidden: []part{{Table: epochsTable(epochs)}}})
	return nil
}

func recorded(epochs []train.EpochMetrics, name string) bool {
	return slices.ContainsFunc(epochs, func(e train.EpochMetrics) bool { _, ok := e.Get(name); return ok })
}

// constant reports whether the learning rate never changes.
func constant(epochs []train.EpochMetrics) bool {
	first, _ := epochs[0].Get("lr")
	return !slices.ContainsFunc(epochs, func(e train.EpochMetrics) bool { lr, _ := e.Get("lr"); return lr != first })
}

// curvesAlt says where curves begin and end.
func curvesAlt(epochs []train.EpochMetrics) string {
	var parts []string
	first, last := epochs[0], epochs[len(epochs)-1]
	for _, c := range []struct{ name, text string }{
		{"loss", "training loss"}, {"val_loss", "validation loss"}, {"accuracy", "training accuracy"}, {"val_accuracy", "validation accuracy"},
	} {
		a, ok := first.Get(c.name)
		b, also := last.Get(c.name)
		if ok && also {
			parts = append(parts, fmt.Sprintf("%s from %.4f to %.4f", c.text, a, b))
		}
	}
	return fmt.Sprintf("Curves from epoch %d to %d: %s", first.Epoch, last.Epoch, strings.Join(parts, ", "))
}

// epochsTable has the metrics of every epoch but those of single layers.
func epochsTable(epochs []train.EpochMetrics) *table {
	var names []string
	for _, e := range epochs {
		for _, v := range e.Values {
			if !strings.Contains(v.Name, "/") && !slices.Contains(names, v.Name) {
				names = append(names, v.Name)
			}
		}
	}
	t := &table{Head: heads("epoch")}
	for _, n := range names {
		t.Head = append(t.Head, number(strings.ReplaceAll(n, "_", " ")))
	}
	for _, e := range epochs {
		row := []cell{text(fmt.Sprint(e.Epoch))}
		for _, n := range names {
			v, ok := e.Get(n)
			switch {
			case !ok:
				row = append(row, number(""))
			case strings.Contains(n, "loss") || strings.Contains(n, "accuracy"):
				row = append(row, number(figure(v)))
			default:
				row = append(row, number(fmt.Sprintf("%.4g", v)))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// slopes shows what activations have learned.
func (p *runPage) slopes() error {
	s := p.section("slopes", "Learned slopes")
	all := report.SlopesOf(p.model.Net)
	if len(all) == 0 {
		return nil
	}
	_, study := sweep.Published(*p.model.Settings)
	t := &table{Head: heads("layer", "slope", "#count", "#mean", "#std", "#least", "#greatest", "#below 0")}
	var alt []string
	for i, x := range all {
		row := []cell{text(x.Layer), text(x.Kind + ":" + x.Sharing), number(report.Thousands(len(x.Values))), number(figure(x.Mean)), number(figure(x.Std)),
			number(figure(x.Min)), number(figure(x.Max)), number(fmt.Sprintf("%.1f %%", 100*x.Below))}
		if study && i < len(sweep.PublishedSlopes) {
			o := sweep.PublishedSlopes[i]
			row[3].Lines, row[4].Lines = []string{fmt.Sprintf("published %.4g", o.Mean)}, []string{fmt.Sprintf("published %.4g", o.Std)}
		}
		t.Rows = append(t.Rows, row)
		alt = append(alt, fmt.Sprintf("%s with mean %.4f and standard deviation %.4f", x.Layer, x.Mean, x.Std))
	}
	if err := p.colors.draw(s, "", p.input(), "slopes", 1, "Histograms of learned slopes: "+strings.Join(alt, "; ")); err != nil {
		return err
	}
	s.add(part{Table: t})
	if slices.ContainsFunc(p.series(), func(n string) bool { return strings.HasPrefix(n, "slopes/") && strings.HasSuffix(n, "/p50") }) {
		return p.colors.draw(s, "Over epochs", p.input("fan", "true"), "slopes", 1, "Percentiles of learned slopes over epochs; they end with "+strings.Join(alt, "; "))
	}
	return nil
}

// series are the names of all metrics that are recorded.
func (p *runPage) series() []string {
	var all []string
	for _, e := range p.summary.Metrics {
		for _, v := range e.Values {
			all = append(all, v.Name)
		}
	}
	return all
}

// units shows dead units and norms of gradients.
func (p *runPage) units() error {
	s := p.section("units", "Dead units and gradients")
	names := p.series()
	if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "dead/") || strings.HasPrefix(n, "grad_norm/") }) {
		return nil
	}
	heading := "Norms of gradients"
	var alt []string
	last := p.summary.Metrics[len(p.summary.Metrics)-1]
	for _, v := range last.Values {
		if layer, ok := strings.CutPrefix(v.Name, "dead/"); ok {
			heading = "Dead units"
			alt = append(alt, fmt.Sprintf("%.1f %% of %s dead", 100*v.Value, layer))
		} else if param, ok := strings.CutPrefix(v.Name, "grad_norm/"); ok && strings.HasSuffix(param, ".weight") {
			alt = append(alt, fmt.Sprintf("gradient of %s %.2g", param, v.Value))
		}
	}
	return p.colors.draw(s, heading, p.input(), "dead", 0, "Maps by layer and epoch; in the last one "+strings.Join(alt, ", "))
}

// network shows the layers and the first filters.
func (p *runPage) network() error {
	s := p.section("network", "Network")
	in := p.input()
	if err := addNetwork(s, p.colors, in); err != nil {
		return err
	}
	if i := slices.IndexFunc(p.model.Net.Nodes(), isConvolution); i >= 0 {
		name := p.model.Net.Nodes()[i].Name
		return p.colors.draw(s, "Filters of "+name, in, "filters", 1, "The kernels of the convolution "+name+", one picture each")
	}
	return nil
}

func isConvolution(n *nn.Node) bool {
	switch n.Layer.(type) {
	case layer.Conv, layer.ConvTranspose:
		return true
	}
	return false
}

// addNetwork shows a network as a graph and as a table.
func addNetwork(s *section, colors *palette, in *kinds.Input) error {
	net := in.Sources[0].Model.Net
	if err := colors.draw(s, "", in, "network", 1, fmt.Sprintf("The graph of %d layers, %s", len(net.Nodes()), report.SizeText(net))); err != nil {
		return err
	}
	t := &table{Head: heads("layer", "kind", "output", "#parameters", "#MACs")}
	for _, in := range net.Inputs() {
		t.Rows = append(t.Rows, []cell{text(in.Name), text("input"), text(in.Shape.String()), number(""), number("")})
	}
	for _, n := range net.Nodes() {
		t.Rows = append(t.Rows, []cell{text(n.Name), text(report.LayerText(n)), text(n.Shape.String()),
			number(report.Thousands(report.Trained(n))), number(report.Thousands(n.MACs()))})
	}
	s.add(part{More: fmt.Sprintf("The %d layers as a table", len(net.Nodes())), Hidden: []part{{Table: t}}})
	return nil
}
