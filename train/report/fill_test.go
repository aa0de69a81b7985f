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

// Nor do names of runs and files.
func TestNamesOfRunsArePrintable(t *testing.T) {
	const name = "a\x1b[2J"
	for _, r := range []Report{
		&Events{Out: name, Files: []EventFile{{Run: name, File: File{Path: name}}}},
		&Plot{Pictures: []Picture{{File: name}}},
		&Landscape{Data: name, Models: []Sharpness{{Model: name}}},
		&Runs{Dir: name},
	} {
		if text := textOf(r, 80); strings.Contains(text, "\x1b") || !strings.Contains(text, `a\x1b[2J`) {
			t.Errorf("%T: %q", r, text)
		}
	}
}
