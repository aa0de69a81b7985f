package sweep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/run"
)

// begin is Begin, closed at the end of the test at the latest.
func begin(t *testing.T, dir string, g Grid) *Session {
	t.Helper()
	s, err := Begin(dir, g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// files are the bytes that define a sweep: of its record, and of state and model of its cells.
func files(t *testing.T, s *Sweep) map[string]string {
	t.Helper()
	names := []string{recordFile}
	for _, c := range s.cells() {
		names = append(names, filepath.Join(c.Name, "state.safetensors"), filepath.Join(c.Name, "model.onnx"))
	}
	m := map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(s.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		m[name] = string(b)
	}
	return m
}

// stopper ends a context after so many steps of all trainings.
type stopper struct {
	train.Base
	left atomic.Int64
	stop context.CancelFunc
}

func (s *stopper) BatchEnd(*train.State) error {
	if s.left.Add(-1) == 0 {
		s.stop()
	}
	return nil
}

// trainFor goes on with a sweep for so many steps, and reports whether it has ended.
func trainFor(t *testing.T, s *Session, steps int, o Options) bool {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	callback := &stopper{stop: stop}
	callback.left.Store(int64(steps))
	o.Callbacks = func(*Cell) []train.Callback { return []train.Callback{callback} }
	err := s.Run(ctx, o)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return err == nil
}

// Stopped between cells and within them, resumed on other numbers of jobs and workers, a sweep has
// the bytes and results of one in one go.
func TestResumedSweepIsTheSame(t *testing.T) {
	root := t.TempDir()
	whole := begin(t, filepath.Join(root, "whole"), tiny())
	if !trainFor(t, whole, 1e9, Options{Jobs: 1}) {
		t.Fatal("the sweep stopped")
	}
	want := files(t, whole.Sweep)
	rng := rand.New(rand.NewPCG(1, 2))
	for try := range 2 {
		dir := filepath.Join(root, fmt.Sprint(try))
		s := begin(t, dir, tiny())
		var stops []int
		for { // 4 cells of 2 epochs of 3 steps
			stops = append(stops, 1+rng.IntN(9))
			if trainFor(t, s, stops[len(stops)-1], Options{Jobs: 1 + rng.IntN(3), Workers: 1 + rng.IntN(2)}) {
				break
			}
			s.Close()
			var err error
			if s, err = Resume(dir, ""); err != nil {
				t.Fatal(err)
			}
		}
		s.Close()
		if len(stops) < 3 {
			t.Errorf("stopped after %v steps, want more stops", stops)
		}
		for name, b := range files(t, s.Sweep) {
			if b != want[name] {
				t.Errorf("stopped after %v steps: %s differs", stops, name)
			}
		}
		opened, err := Open(dir)
		if err != nil || !reflect.DeepEqual(opened.Results(), whole.Results()) {
			t.Errorf("stopped after %v steps: error %v, results %+v, want %+v", stops, err, opened.Results(), whole.Results())
		}
	}
}

// What is finished stays as it is when values and seeds are added.
func TestAddToSweep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	g := tiny()
	g.Seeds = []uint64{2}
	s := begin(t, dir, g)
	if !trainFor(t, s, 1e9, Options{}) {
		t.Fatal("stopped")
	}
	if _, err := Begin(dir, g); !errors.As(err, new(*LockedError)) {
		t.Errorf("begun twice: %v", err)
	}
	s.Close()
	before := files(t, s.Sweep)
	g.Seeds, g.Axes[0].Values = []uint64{1, 2}, []string{"mish", "relu", "prelu"}
	s = begin(t, dir, g)
	if got := s.Count(Finished); got != 2 || s.Cells() != 6 {
		t.Errorf("%d of %d cells are finished, want 2 of 6", got, s.Cells())
	}
	trained := map[string]bool{}
	o := Options{Ended: func(c *Cell) { trained[c.Name] = true }}
	if !trainFor(t, s, 1e9, o) || len(trained) != 4 || trained["act=relu,seed=2"] {
		t.Errorf("trained %v", trained)
	}
	s.Close()
	after := files(t, s.Sweep)
	for name := range before {
		if name != recordFile && before[name] != after[name] {
			t.Errorf("%s has changed", name)
		}
	}
	if _, err := Begin(dir, tiny()); !errors.As(err, new(*GridError)) {
		t.Errorf("fewer values: %v", err)
	}
}

// A cell that diverges is recorded as failed and not tried again; the others go on.
func TestFailedCell(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	g := tiny()
	g.Axes, g.Seeds = []Axis{{"lr", []string{"0.001", "1e+38"}}}, []uint64{1}
	s := begin(t, dir, g)
	if !trainFor(t, s, 1e9, Options{Jobs: 1}) {
		t.Fatal("stopped")
	}
	s.Close()
	steps := 0
	s, err := Resume(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.need != 0 {
		t.Error("a sweep that has ended opens its data")
	}
	if err := s.Run(context.Background(), Options{Callbacks: func(*Cell) []train.Callback { steps++; return nil }}); err != nil || steps > 0 {
		t.Errorf("error %v, %d cells trained again", err, steps)
	}
	good, bad := s.Combinations[0].Cells[0], s.Combinations[1].Cells[0]
	if good.State != Finished || bad.State != Failed || !strings.HasPrefix(bad.Failure, "epoch 1: step ") || strings.Contains(bad.Failure, dir) {
		t.Errorf("%v; %v: %s", good.State, bad.State, bad.Failure)
	}
	if rows := s.Results().Rows; rows[0].N != 1 || rows[1].N != 0 {
		t.Errorf("%+v", rows)
	}
}

// Settings that only together do not go with the data fail their cell.
func TestUnfitCell(t *testing.T) {
	g := tiny()
	g.Settings.Val, g.Seeds = 0, []uint64{1}
	g.Axes = []Axis{{"limit", []string{"40", "4"}}, {"val", []string{"0.25", "0.05"}}}
	s := begin(t, filepath.Join(t.TempDir(), "s"), g)
	if !trainFor(t, s, 1e9, Options{}) || s.Count(Finished) != 3 {
		t.Errorf("%d cells are finished, want 3", s.Count(Finished))
	}
	if c := s.Combinations[3].Cells[0]; c.State != Failed || !strings.HasPrefix(c.Failure, "val: ") {
		t.Errorf("%s: %s", c.State, c.Failure)
	}
}

func TestWrongFolders(t *testing.T) {
	root := t.TempDir()
	full := filepath.Join(root, "full")
	if err := os.MkdirAll(full, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(full, "x.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Begin(full, tiny()); err == nil || !strings.Contains(err.Error(), "not a sweep and not empty (it holds x.txt)") {
		t.Errorf("a folder with a file: %v", err)
	}
	if _, err := Resume(full, ""); err == nil || !strings.Contains(err.Error(), "is not the folder of a sweep") {
		t.Errorf("resumed: %v", err)
	}
	g := tiny()
	g.Settings.Val = 0.001
	if _, err := Begin(filepath.Join(root, "none"), g); err == nil || !strings.Contains(err.Error(), "val") {
		t.Errorf("nothing to hold out: %v", err)
	}
	if _, err := os.Lstat(filepath.Join(root, "none")); err == nil {
		t.Error("a sweep that cannot be has a folder")
	}
	dir := filepath.Join(root, "s")
	s := begin(t, dir, tiny())
	trainFor(t, s, 2, Options{Jobs: 1})
	s.Close()
	if err := os.Rename(filepath.Join(dir, "act=relu,seed=1"), filepath.Join(dir, "act=relu,seed=2")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), `its seed is 1, want 2`) {
		t.Errorf("a cell in the folder of another: %v", err)
	}
}

// A sweep goes on where its data have moved to, if they are the same; one that has ended needs none.
func TestMovedData(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	write := func(name string, bright bool) {
		t.Helper()
		for i := range 12 {
			img := image.NewGray(image.Rect(0, 0, 8, 8))
			for p := range img.Pix {
				img.Pix[p] = uint8(p * (i + 1))
				if bright {
					img.Pix[p] += 9
				}
			}
			path := filepath.Join(at(name), []string{"a", "b"}[i%2], fmt.Sprintf("%d.png", i))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := errors.Join(png.Encode(&b, img), os.WriteFile(path, b.Bytes(), 0o666)); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("pictures", false)
	write("others", true)
	g := tiny()
	g.Settings.Data, g.Settings.DataPath, g.Settings.Limit, g.Settings.Batch = "", at("pictures"), 0, 4
	dir := at("s")
	s := begin(t, dir, g)
	trainFor(t, s, 7, Options{Jobs: 1}) // the first of four, and a part of the next
	s.Close()
	if err := os.Rename(at("pictures"), at("moved")); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(dir, ""); err == nil || !strings.Contains(err.Error(), "pictures") {
		t.Errorf("data that have moved: %v", err)
	}
	s, err := Resume(dir, at("moved"))
	if err != nil {
		t.Fatal(err)
	}
	if !trainFor(t, s, 1e9, Options{Jobs: 1}) || s.Count(Finished) != 4 {
		t.Errorf("%d of 4 cells finished", s.Count(Finished))
	}
	s.Close()
	if err := os.RemoveAll(at("moved")); err != nil {
		t.Fatal(err)
	}
	g.Settings.DataPath = at("moved")
	begin(t, dir, g).Close() // the same command again

	dir = at("t")
	s = begin(t, dir, func() Grid { g := g; g.Settings.DataPath = at("others"); return g }())
	trainFor(t, s, 7, Options{Jobs: 1})
	s.Close()
	write("pictures", false)
	if s, err = Resume(dir, at("pictures")); err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context(), Options{Jobs: 1}); err == nil || !strings.Contains(err.Error(), "data") {
		t.Errorf("other data: %v", err)
	}
	s.Close()
	s = begin(t, at("u"), tiny())
	s.Close()
	if _, err := Resume(at("u"), at("pictures")); err == nil || !strings.Contains(err.Error(), "has no data that can have moved: they are mnist") {
		t.Errorf("data of the binary: %v", err)
	}
}

// A run that was asked for more than its cell is another one, but not for what does not change its
// result.
func TestCheckCell(t *testing.T) {
	s := run.Settings{LR: 0.001, Val: 0.1}
	for says, change := range map[string]func(*run.Settings){
		"":                            func(s *run.Settings) { s.TensorBoard, s.Workers, s.Metrics = true, 3, "dead" },
		"its seed is 3, want 0":       func(s *run.Settings) { s.Seed = 3 },
		"its patience is 2, want 0":   func(s *run.Settings) { s.Patience = 2 },
		"its momentum is 0.9, want 0": func(s *run.Settings) { s.Momentum = 0.9 },
		"its val is 0, want 0.1":      func(s *run.Settings) { s.Val = 0 },
	} {
		got := s
		got.WeightDecay, got.DataSHA256, got.Loss = 0.01, "ab", "mse" // filled in by a run
		change(&got)
		if err := (&Sweep{}).checkCell(&Cell{Settings: s}, got); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// Seeds of one combination are not of one experiment if the data or the network of their name has
// become another between them.
func TestCheckSources(t *testing.T) {
	for says, change := range map[string]func(*run.Settings){
		"":                                      func(s *run.Settings) { s.Resize, s.DataSHA256 = "crop:8x8", "other" },
		"different data of the name d":          func(s *run.Settings) { s.DataSHA256 = "other" },
		"different networks of the name n.onnx": func(s *run.Settings) { s.NetSHA256 = "other" },
	} {
		a := run.Settings{DataPath: "d", DataSHA256: "1", NetPath: "n.onnx", NetSHA256: "2"}
		b := a
		change(&b)
		s := &Sweep{Grid: Grid{Seeds: []uint64{1, 2}}, Combinations: []Combination{{Cells: []*Cell{{Settings: a}, {Settings: b}}}}}
		if err := s.checkSources(); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
