package report

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// fits checks that no line of a table is wider than the page. Lines with a colon or a period
// are sentences.
func fits(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.Lines(text) {
		if n := table.Width(strings.TrimSuffix(line, "\n")); n > width && !strings.Contains(line, ": ") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func textOf(r Report, width int) string {
	var b strings.Builder
	r.Text(&Page{Writer: &b, Width: width})
	return b.String()
}

// Every table keeps to the width of a terminal, whatever the network and the names.
func TestTablesFit(t *testing.T) {
	for _, name := range preset.Names() {
		act, err := activation.Parse("prelu:channel")
		if err != nil {
			t.Fatal(err)
		}
		net, err := preset.Build(name, nn.Shape{3, 32, 32}, 10, act)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(nn.KerasInit, 1)
		m := &model.Model{Name: "a", Net: net, Metadata: map[string]string{"class_names": strings.Repeat("猫,", 60)}}
		text := textOf(InspectionOf(m), 80)
		fits(t, text, 80)
		if !strings.Contains(text, "|") || !strings.Contains(text, "output shape") {
			t.Errorf("%s: the histogram is gone:\n%s", name, text)
		}
	}
}

func TestEvaluationsFit(t *testing.T) {
	const classes = 40
	r := &Eval{Model: "m", ShowConfusion: true}
	for k := range classes {
		r.ClassNames = append(r.ClassNames, strings.Repeat("長い名前", 12)+strings.Repeat("x", k))
		r.Classes = append(r.Classes, ClassScore{Class: &k, Support: 1000})
		row := make([]int, classes)
		row[k] = 1000
		r.Confusion = append(r.Confusion, row)
	}
	r.ClassNames = data.ClassNames(r.ClassNames)
	text := textOf(r, 80)
	fits(t, text, 80)
	if n := strings.Count(text, "1000\n"); n < classes {
		t.Errorf("only %d of %d classes have their row whole:\n%s", n, classes, text)
	}
	heads := ""
	for line := range strings.Lines(text) {
		if strings.Trim(line, " 0123456789\n") == "" {
			heads += line
		}
	}
	if n := len(strings.Fields(heads)); n != classes {
		t.Errorf("%d columns of the confusion matrix, want %d:\n%s", n, classes, text)
	}
	// A page of any width has one part.
	if n := strings.Count(textOf(r, 0), "\n\n"); n != 2 {
		t.Errorf("%d parts", n)
	}
}
