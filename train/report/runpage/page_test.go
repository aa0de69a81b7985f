package runpage

import (
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// hostile is a name that closes whatever it could stand in, as far as folders may have it.
func hostile() string {
	if runtime.GOOS == "windows" {
		return `'{{.}}&amp;`
	}
	return `"'><img src=x onerror=alert(1)>{{.}}&amp;`
}

// pictures writes a data set of three classes, one of them with a hostile name.
func pictures(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shapes")
	for i := range 60 {
		part, class := map[bool]string{true: "test", false: "train"}[i%5 == 0], []string{"bars", "dots", hostile()}[i%3]
		img := image.NewGray(image.Rect(0, 0, 12, 12))
		for p := range 144 {
			if v := (p/12+i%3*(p%12)+i)%4 == 0; v {
				img.SetGray(p%12, p/12, color.Gray{255})
			}
		}
		path := filepath.Join(dir, part, class, fmt.Sprintf("%d.png", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// settings are of a short training.
func settings(data string) run.Settings {
	s := recipe.Default()
	recipe.SetData(&s, data)
	s.Epochs, s.Batch, s.Metrics, s.Schedule = 2, 16, "slopes,dead,grad-norm", "step:1"
	return s
}

// trained makes the run of settings in a folder.
func trained(t *testing.T, dir string, s run.Settings) string {
	t.Helper()
	tr, err := recipe.New(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Create(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Run(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := tr.Finish(); err != nil {
		t.Fatal(err)
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// content is a page that was parsed as XML with the entities of HTML.
type content struct {
	elements []xml.StartElement
	text     string
}

func (c *content) has(t *testing.T, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(c.text, want) {
			t.Errorf("no %q in the text", want)
		}
	}
}

// read parses a page and fails if it is not sound: names that are markup, identifiers that are
// there twice or not at all, pictures without a text, headings that leave a level out, scripts,
// and whatever is loaded.
func read(t *testing.T, name string, b []byte) *content {
	t.Helper()
	if dir := os.Getenv("GONN_PAGES"); dir != "" && strings.HasPrefix(name, "report-") { // for .ci/browser
		if err := os.WriteFile(filepath.Join(dir, name+".html"), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	d := xml.NewDecoder(strings.NewReader(string(b)))
	d.Entity = xml.HTMLEntity
	c, text, ids, level := &content{}, strings.Builder{}, map[string]bool{}, 0
	var links []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch x := token.(type) {
		case xml.CharData:
			text.Write(x)
		case xml.StartElement:
			c.elements = append(c.elements, x.Copy())
			is := map[string]string{}
			for _, a := range x.Attr {
				is[a.Name.Local] = a.Value
				if k := a.Name.Local; strings.HasPrefix(k, "on") {
					t.Errorf("%s: <%s %s>", name, x.Name.Local, k)
				}
				if (a.Name.Local == "src" || a.Name.Local == "href") && !strings.HasPrefix(a.Value, "data:") && !strings.HasPrefix(a.Value, "#") {
					t.Errorf("%s: <%s %s=%q>", name, x.Name.Local, a.Name.Local, a.Value)
				}
			}
			if id := is["id"]; id != "" && ids[id] {
				t.Errorf("%s: two elements are %q", name, id)
			} else {
				ids[id] = true
			}
			if to, ok := strings.CutPrefix(is["href"], "#"); ok {
				links = append(links, to)
			}
			switch tag := x.Name.Local; {
			case tag == "svg" && (is["role"] != "img" || is["aria-label"] == ""), tag == "img" && is["alt"] == "":
				t.Errorf("%s: a picture has no text", name)
			case tag == "script":
				t.Errorf("%s: it has a script", name)
			case len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6':
				if n := int(tag[1] - '0'); n > level+1 {
					t.Errorf("%s: <%s> follows a heading of level %d", name, tag, level)
				} else {
					level = n
				}
			}
		}
	}
	for _, to := range links {
		if !ids[to] {
			t.Errorf("%s: nothing is %q", name, to)
		}
	}
	if found := regexp.MustCompile(`url\(|@import`).FindAll(b, -1); found != nil {
		t.Errorf("%s: it loads something: %q", name, found)
	}
	c.text = text.String()
	return c
}

// count is the number of elements of a name.
func (c *content) count(tag string) (n int) {
	for _, e := range c.elements {
		if e.Name.Local == tag {
			n++
		}
	}
	return n
}

// A page of a run has every section, names stay text, and it is small. Without its data it says
// so and has the rest.
func TestRunPage(t *testing.T) {
	data := pictures(t)
	dir := trained(t, filepath.Join(t.TempDir(), hostile()), settings(data))
	b, err := Run(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 1_500_000 {
		t.Errorf("%d bytes", len(b))
	}
	t.Logf("%d bytes", len(b))
	c := read(t, "report-run", b)
	c.has(t, hostile(), "of 12 test samples for their class", "Learned slopes", "Over epochs", "Dead units", "Scores of each class", "Samples", "The 6 layers as a table",
		"Filters of conv1", "--data "+shell.Word(data), "--schedule step:1", "gonn report "+shell.Word(dir))
	if c.count("svg") < 12 || c.count("img") != 1 {
		t.Errorf("%d drawings, %d pictures", c.count("svg"), c.count("img"))
	}
	if err := os.Rename(data, data+"-moved"); err != nil {
		t.Fatal(err)
	}
	if b, err = Run(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	c = read(t, "report-run-alone", b)
	c.has(t, "The data cannot be opened: ", "no confusion matrix", "Learned slopes", "To repeat it")
	if c.count("img") != 0 || strings.Contains(c.text, "gonn eval") {
		t.Error("it shows data that are not there")
	}
	if set, why := openData(opened(t, dir), data+"-moved"); set == nil || set.Test.Len() != 12 {
		t.Errorf("data that have moved: %s", why)
	}
}

func opened(t *testing.T, dir string) *model.Model {
	t.Helper()
	m, err := model.OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Other data of the same name are not measured.
func TestOtherData(t *testing.T) {
	data := pictures(t)
	dir := trained(t, filepath.Join(t.TempDir(), "r"), settings(data))
	if err := os.Remove(filepath.Join(data, "train", "dots", "1.png")); err != nil {
		t.Fatal(err)
	}
	if set, why := openData(opened(t, dir), ""); set != nil || !strings.Contains(why, "now holds other data than those that the run was trained on") {
		t.Errorf("%v, %q", set, why)
	}
}

// A page of a sweep has its table, tests, curves and slopes, also while it is at work, and before
// anything is trained.
func TestSweepPage(t *testing.T) {
	g := sweep.Grid{Settings: settings(pictures(t)), Seeds: []uint64{1, 2, 4}, Axes: []sweep.Axis{{Setting: "act", Values: []string{"relu", "prelu:channel"}}}}
	g.Settings.Val, g.Settings.Metrics = 0.2, ""
	dir := filepath.Join(t.TempDir(), "acts & more")
	session, err := sweep.Begin(dir, g)
	if err != nil {
		t.Fatal(err)
	}
	page := func(name string, contains ...string) {
		s, err := sweep.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Sweep(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		read(t, name, b).has(t, contains...)
	}
	page("sweep-begun", "0 of 6 trainings are finished", "No training is finished yet", "No run of the sweep has finished an epoch")
	if err := session.Run(t.Context(), sweep.Options{Jobs: 1}); err != nil {
		t.Fatal(err)
	}
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}
	page("report-sweep", "has the lowest mean test loss", "Best epoch", "relu", "prelu:channel", "after Holm's correction over 1 pair", "mean over 3 seeds", "All 6 trainings",
		"gonn sweep --dir 'sweeps/acts & more' --act=relu --act=prelu:channel", "--seeds 1-2,4")
}

// The study's published figures and those of other frameworks stand in the cells of their
// combination, and in the picture; combinations that are far off are listed.
func TestBeside(t *testing.T) {
	s := &sweep.Sweep{Grid: sweep.StudyGrid()}
	for i, act := range []string{"leaky:0", "leaky:1", "prelu"} {
		c := sweep.Combination{Label: act, Values: []string{act}}
		for seed := range 2 {
			set := s.Grid.Settings
			set.Act = act
			set, err := recipe.Complete(set)
			if err != nil {
				t.Fatal(err)
			}
			v := []float64{0.0621, 2.3, 0.08}[i] + 0.001*float64(seed)
			score := run.Score{Samples: 1, Loss: v, Accuracy: 0.9}
			c.Cells = append(c.Cells, &sweep.Cell{Settings: set, State: sweep.Waiting, Result: &run.Result{Train: score, Test: score}})
		}
		s.Combinations = append(s.Combinations, c)
	}
	s.Grid.Axes[0].Values = []string{"leaky:0", "leaky:1", "prelu"}
	theirs := &sweep.Framework{Framework: "keras", Versions: map[string]string{"keras": "3.1"}, Command: "python x.py", Cells: []sweep.FrameworkCell{{Act: "leaky:0"}}}
	theirs.Cells[0].Last.Test.Loss = 0.0711
	p0 := &theirs.Protocol
	p0.Batch, p0.Epochs, p0.LR, p0.HeldOut = 128, 5, 0.001, 0.1
	r, err := report.SweepOf(s, theirs)
	if err != nil {
		t.Fatal(err)
	}
	p := &sweepPage{sweep: s, report: r, peers: []string{"Keras"}}
	rows := p.rows(sweep.Last)
	got := p.resultsTable(rows).Rows[0][4]
	if want := []string{"0.0516…0.0736", "published 0.0621", "Keras 0.0711"}; !slices.Equal(got.Lines, want) {
		t.Errorf("%q, want %q", got.Lines, want)
	}
	f, left := p.intervals(rows)
	if names := f.Panels[0].Y.Names; !slices.Equal(names, []string{"prelu", "leaky:0"}) || len(left) != 1 || !strings.HasPrefix(left[0], "leaky:1 at 2.3005") {
		t.Errorf("the picture has %v and leaves %v out", names, left)
	}
	p.verdict()
	if want := "3 of the study's 12 published"; !slices.ContainsFunc(p.Verdict, func(s string) bool { return strings.HasPrefix(s, want) }) {
		t.Errorf("%q does not say %q", p.Verdict, want)
	}
}

// Seeds are written as gonn sweep reads them.
func TestSeedsText(t *testing.T) {
	for _, seeds := range [][]uint64{{1, 2, 3}, {3}, {1}, {2, 4, 5, 9}} {
		got, err := sweep.ParseSeeds(seedsFlag(seeds))
		if err != nil || !slices.Equal(got, seeds) {
			t.Errorf("%v are written %s: %v, %v", seeds, seedsFlag(seeds), got, err)
		}
	}
}
