package sweep

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recipe"
)

// tiny is a grid of two activations and two seeds, quick to train.
func tiny() Grid {
	s := recipe.Default()
	s.Net, s.Data, s.Limit, s.Epochs, s.Batch, s.Val = "mlp", "mnist", 40, 2, 10, 0.25
	return Grid{Settings: s, Axes: []Axis{{"act", []string{"relu", "prelu"}}}, Seeds: []uint64{1, 2}}
}

func TestCheckGrid(t *testing.T) {
	for _, c := range []struct {
		change func(*Grid)
		says   string // "" for a sound grid
	}{
		{func(*Grid) {}, ""},
		{func(g *Grid) { g.Axes = nil }, ""},
		{func(g *Grid) { g.Seeds = nil }, "no seeds"},
		{func(g *Grid) { g.Seeds = []uint64{2, 1} }, "do not ascend"},
		{func(g *Grid) { g.Axes[0].Values = nil }, "act has no values"},
		{func(g *Grid) { g.Axes[0].Values[1] = "relu" }, "act relu: the value is there twice"},
		{func(g *Grid) { g.Axes[0].Values[1] = "reul" }, `unknown activation "reul"`},
		{func(g *Grid) { g.Axes = append(g.Axes, g.Axes[0]) }, "two axes act"},
		{func(g *Grid) { g.Axes[0] = Axis{"lr", []string{"1e-3"}} }, "lr 1e-3: grids spell it 0.001"},
		{func(g *Grid) { g.Axes[0] = Axis{"momentum", []string{"0", "0.9"}} }, "momentum"},
		{func(g *Grid) { g.Axes = append(g.Axes, Axis{"optimizer", []string{"adam", "adamw", "sgd"}}) }, ""},
		{func(g *Grid) { g.Settings.Nesterov = true }, "with relu: "},
		{func(g *Grid) { g.Seeds, _ = ParseSeeds("6000") }, "more than 10000 cells"},
		{func(g *Grid) {
			g.Axes = nil
			for seed := range uint64(10001) {
				g.Seeds = append(g.Seeds, 10+seed)
			}
		}, "more than 10000 cells"},
		{func(g *Grid) { g.Axes[0].Values = make([]string, 1<<20) }, "more than 10000 cells"}, // before they are read
		{func(g *Grid) {
			g.Axes = []Axis{{"optimizer", []string{"adam", "adamw:pytorch"}}, {"semantics", []string{"keras", "pytorch"}}}
		}, "with optimizer=adamw:pytorch semantics=keras: the optimizer has the semantics pytorch of its own"},
	} {
		g := tiny()
		c.change(&g)
		if err := g.Check(); (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", g.Axes, err, c.says)
		}
	}
	if err := StudyGrid().clean().Check(); err == nil || !strings.Contains(err.Error(), "no seeds") {
		t.Errorf("the study without seeds: %v", err)
	}
}

func TestCheckExtends(t *testing.T) {
	for _, c := range []struct {
		change func(*Grid)
		says   string
	}{
		{func(*Grid) {}, ""},
		{func(g *Grid) { g.Seeds = []uint64{1, 2, 9} }, ""},
		{func(g *Grid) { g.Axes[0].Values = []string{"prelu", "mish", "relu"} }, ""},
		{func(g *Grid) { g.Settings.Gonn, g.Settings.Workers = "v1", 7 }, ""},
		{func(g *Grid) { g.Seeds = []uint64{1, 3} }, "it has seed 2, and this one has not"},
		{func(g *Grid) { g.Axes[0].Values = []string{"relu"} }, "it has act prelu, and this one has not"},
		{func(g *Grid) { g.Axes = nil }, "it is over act and seeds, and this one over seeds"},
		{func(g *Grid) { g.Axes = append(g.Axes, Axis{"lr", []string{"1"}}) }, "this one over act, lr and seeds"},
		{func(g *Grid) { g.Settings.LR = 0.1 }, "its lr is the optimizer's default, and here 0.1"},
		{func(g *Grid) { g.Settings.Epochs, g.Settings.Net = 3, "study" }, `its net is "mlp", and here "study", its epochs is 2, and here 3`},
	} {
		g := tiny()
		c.change(&g)
		err := g.clean().checkExtends(tiny().clean())
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", g, err, c.says)
		}
	}
}

// Names of cells are those of folders everywhere, and of one cell each.
func TestCellNames(t *testing.T) {
	long := strings.Repeat("a", 200)
	seen := map[string]string{}
	for _, c := range []struct{ setting, value, want string }{
		{"act", "leaky:-0.5", "act=leaky_-0.5,seed=3"},
		{"act", "leaky_-0.5", "act=leaky_-0.5-"},
		{"weight_decay", "1e-05", "weight-decay=1e-05,seed=3"},
		{"data", "../Some where/a?.npz", "data=.._"},
		{"data", "CON", "data=___-"},
		{"data", "con", "data=con,seed=3"},
		{"data", long, "data=aaa"},
		{"data", long + "b", "data=aaa"},
	} {
		g := Grid{Axes: []Axis{{c.setting, []string{c.value}}}}
		got := g.cellName([]string{c.value}, 3)
		if !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, ",seed=3") || len(got) > 150 || strings.ContainsAny(got, `/\:*?"<>| `) {
			t.Errorf("%s: %s, want %s", c.value, got, c.want)
		}
		if was, twice := seen[got]; twice {
			t.Errorf("%s and %s are both %s", was, c.value, got)
		}
		seen[got] = c.value
	}
	if got := (Grid{}).cellName(nil, 7); got != "seed=7" {
		t.Errorf("without axes: %s", got)
	}
}

// A record is read as it was written, and not at all if anything is changed.
func TestRecord(t *testing.T) {
	r := record{Grid: tiny().clean(), Failed: []failure{{"act=relu,seed=1", "the loss is \"NaN\""}}}
	b, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeRecord(b)
	if err != nil || len(got.Failed) != 1 || got.Failed[0] != r.Failed[0] || got.Grid.checkExtends(r.Grid) != nil || r.Grid.checkExtends(got.Grid) != nil {
		t.Errorf("%+v, %v; want %+v", got, err, r)
	}
	if again, err := got.encode(); err != nil || string(again) != string(b) {
		t.Errorf("%v; written again:\n%s\nfirst:\n%s", err, again, b)
	}
	text := string(b)
	for name, changed := range map[string]string{
		"edited":      strings.Replace(text, `"epochs": 2`, `"epochs": 3`, 1),
		"cut":         text[:len(text)-3],
		"longer":      text + " ",
		"other field": strings.Replace(text, `"axes"`, `"axis"`, 1),
		"no checksum": text[:strings.Index(text, `,`+"\n"+`  "sha256"`)] + "\n}\n",
		"empty":       "",
	} {
		if _, err := decodeRecord([]byte(changed)); err == nil || changed == text {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := decodeRecord([]byte(strings.Replace(text, `"schema": 1`, `"schema": 2`, 1))); err == nil || !strings.Contains(err.Error(), "schema 2") {
		t.Errorf("schema 2: %v", err)
	}
}

// A right checksum is not enough.
func TestRecordsThatContradictThemselvesAreRefused(t *testing.T) {
	for says, change := range map[string]func(*record){
		`failed: "act=relu,seed=9" is no cell of the grid`: func(r *record) { r.Failed = []failure{{"act=relu,seed=9", "e"}} },
		`failed: "act=relu,seed=1" is there twice`:         func(r *record) { r.Failed = []failure{{"act=relu,seed=1", "e"}, {"act=relu,seed=1", "f"}} },
		`failed: "act=relu,seed=1" has no error`:           func(r *record) { r.Failed = []failure{{"act=relu,seed=1", ""}} },
		"settings: gonn is \"\", workers is 0, seed is 7":  func(r *record) { r.Settings.Seed = 7 },
		"batch -1: need at least 1":                        func(r *record) { r.Settings.Batch = -1 },
		"the seeds of the grid do not ascend":              func(r *record) { r.Seeds = []uint64{1, 1} },
	} {
		r := record{Grid: tiny().clean()}
		change(&r)
		b, err := r.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeRecord(b); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "begin a new sweep") {
			t.Errorf("error %v, want %q", err, says)
		}
	}
	b, err := record{Grid: tiny().clean()}.encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"0", "-1"} {
		changed := strings.Replace(string(b), `"schema": 1`, `"schema": `+text, 1)
		if _, err := decodeRecord([]byte(changed)); err == nil || !strings.Contains(err.Error(), "schema is "+text+", need") {
			t.Errorf("schema %s: error %v", text, err)
		}
	}
}

// What is written over a checksum of its own is refused, or read and written again.
func FuzzRecord(f *testing.F) {
	b, err := record{Grid: tiny().clean()}.encode()
	if err != nil {
		f.Fatal(err)
	}
	head := b[:len(b)-len(ending)-64]
	f.Add(head)
	f.Fuzz(func(t *testing.T, head []byte) {
		r, err := decodeRecord([]byte(string(head) + sumOf(head) + ending))
		if err != nil {
			return
		}
		again, err := r.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeRecord(again); err != nil {
			t.Errorf("written again it is refused: %v", err)
		}
	})
}
