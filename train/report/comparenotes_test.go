package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// A comparison shows the notes of layers, says of a correction only what was tried, and says where a
// layer is not known to be wrong.
func TestCompareSaysWhatIsKnown(t *testing.T) {
	text := func(c *parity.Cause, layers ...parity.Layer) string {
		var b bytes.Buffer
		(&Compare{Reference: "a.onnx", Report: &parity.Report{Answer: "Different: x.", Model: "a.onnx", Cause: c, Layers: layers}}).Text(&Page{Writer: &b, Width: 300})
		return b.String()
	}
	falls := "the error of the output falls from 50 to "
	for _, c := range []struct {
		cause *parity.Cause
		want  string
	}{
		{&parity.Cause{Before: 50, After: 0.1}, "With this correction alone " + falls + "0.1"},
		{&parity.Cause{Before: 50, After: 0.1, Uncorrected: true}, "With what was recorded for this layer " + falls + "0.1"},
		{&parity.Cause{Before: 50, Uncorrected: true}, ""},
	} {
		if got := text(c.cause); c.want == "" && strings.Contains(got, "falls") || !strings.Contains(got, c.want) {
			t.Errorf("%+v:\n%s", c.cause, got)
		}
	}
	layer := parity.Layer{Layer: "conv7", Verdict: parity.Wrong, Note: "it is special"}
	if got := text(nil, layer); !strings.Contains(got, "conv7: it is special.") || !strings.Contains(got, "WRONG") {
		t.Error(got)
	}
	layer.Guessed = true
	if got := text(nil, layer); strings.Contains(got, "WRONG") || !strings.Contains(got, "guessed") {
		t.Error(got)
	}
	if c := layerCase("a.onnx", layer, false); c.Failure != nil || c.Skipped == nil || !strings.Contains(c.Skipped.Line, "it is special") {
		t.Errorf("%+v", c)
	}
	layer.Guessed, layer.Training = false, true
	if got := text(nil, layer); strings.Contains(got, "WRONG") || !strings.Contains(got, "training") {
		t.Error(got)
	}
	if c := layerCase("a.onnx", layer, false); c.Failure == nil || !strings.Contains(c.Failure.Line, "it is special") {
		t.Errorf("%+v", c)
	}
}
