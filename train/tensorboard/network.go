package tensorboard

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// describe collects what is known of a training before it begins: the graph, the settings as text
// and for the HPARAMS tab, and a montage of the data.
func (w *Writer) describe(about About, net *nn.Network) error {
	w.Graph(net)
	w.Hparams(about.Hparams)
	w.settings(about, 0)
	if about.Samples == nil {
		return nil
	}
	img, err := montage(about.Samples)
	if err != nil || img == nil {
		return err
	}
	return w.Image("data/train", 0, img)
}

// table is a table in Markdown.
func table(settings []Hparam) string {
	var b strings.Builder
	b.WriteString("| setting | value |\n|---|---|\n")
	escape := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "&", "&amp;")
	for _, s := range settings {
		fmt.Fprintf(&b, "| %s | %s |\n", escape.Replace(s.Name), escape.Replace(fmt.Sprint(s.Value)))
	}
	return b.String()
}

// parameters collects histograms of all parameters that are trained, as weights/LAYER.PARAM and
// slopes/LAYER.PARAM, the filters of the first convolution, and slopes as maps.
func (w *Writer) parameters(net *nn.Network, epoch int) error {
	for _, p := range net.Params() {
		if !p.Trained() {
			continue
		}
		group := "weights/"
		if isSlope(p) {
			group = "slopes/"
		}
		w.Histogram(group+p.FullName(), epoch, p.Data)
		if img := slopeMaps(p); img != nil {
			if err := w.Image("slope maps/"+p.FullName(), epoch, img); err != nil {
				return err
			}
		}
	}
	layer, img := filters(net)
	if img == nil {
		return nil
	}
	return w.Image("filters/"+layer, epoch, img)
}

// gradients collects histograms of the gradients of a step, as gradients/LAYER.PARAM.
func (w *Writer) gradients(net *nn.Network, grads nn.Grads, epoch int) {
	for _, p := range net.Params() {
		if g := grads[p]; g != nil {
			w.Histogram("gradients/"+p.FullName(), epoch, g)
		}
	}
}

const settingsTag = "settings"

// settings writes the settings of a session that begins after an epoch.
func (w *Writer) settings(about About, epoch int) {
	w.Text(settingsTag, epoch, table(about.Settings))
}

// settingsValue is the value in which settings writes them.
func settingsValue(about About) []byte { return textValue(settingsTag, table(about.Settings)) }
