package tensorboard

import (
	"strings"

	"github.com/gonn-toolkit/gonn/train"
)

// epoch collects all series of an epoch.
func (w *Writer) epoch(m train.EpochMetrics) {
	for _, v := range m.Values {
		w.Scalar(Tag(v.Name), m.Epoch, v.Value)
	}
}

// Tag is the tag of a series (train.Value). TensorBoard shows tags with the same beginning, up to
// a slash, together: loss is loss/train, val_loss is loss/val. Other names stay as they are.
func Tag(series string) string {
	if name, ok := strings.CutPrefix(series, "val_"); ok {
		return name + "/val"
	}
	if series == "loss" || series == "accuracy" {
		return series + "/train"
	}
	return series
}
