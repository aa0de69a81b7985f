package report

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// Names of a file do not steer the terminal, in whichever colour a page is.
func TestParagraphsArePrintable(t *testing.T) {
	const layer = "fc\x1b[2J"
	for color, want := range map[bool]string{
		false: `Different: fc\x1b[2J is wrong.`,
		true:  red + "Different" + plain + `: fc\x1b[2J is wrong.`,
	} {
		var b strings.Builder
		p := &Page{Writer: &b, Width: 80, Color: color}
		p.verdict("Different: " + layer + " is wrong.")
		compareLayers(p, &parity.Report{FirstWrong: &parity.FirstWrong{Layer: layer, Worst: &parity.Element{}}, Notes: []string{layer}})
		if got := b.String(); !strings.HasPrefix(got, want+"\n") || strings.Contains(got, layer) || strings.Count(got, `fc\x1b[2J`) != 3 {
			t.Errorf("colour %v: %q, want %q first", color, got, want)
		}
	}
}
