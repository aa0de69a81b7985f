package run

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// moments are the folders that a process leaves which is killed while it makes what is in the
// files of one checkpoint those of the next: before the first one there is none.
func moments(before, after map[string]string) (list []map[string]string) {
	at := maps.Clone(before)
	if at == nil {
		at = map[string]string{}
	}
	add := func(change func()) {
		change()
		list = append(list, maps.Clone(at))
	}
	add(func() { at[lockFile] = "12345\n" })
	add(func() { at["."+pending(stateFile)+".0badcafe.tmp"] = "half" })
	add(func() { delete(at, "."+pending(stateFile)+".0badcafe.tmp"); at[pending(stateFile)] = after[stateFile] })
	add(func() { at[pending(modelFile)] = after[modelFile] })
	add(func() { at["."+recordFile+".0badcafe.tmp"] = after[recordFile] })
	add(func() { delete(at, "."+recordFile+".0badcafe.tmp"); at[recordFile] = after[recordFile] })
	for _, name := range sealed {
		add(func() { delete(at, pending(name)); at[name] = after[name] })
	}
	add(func() { at[metricsFile] = after[metricsFile] })
	return list
}

func writeAll(t *testing.T, dir string, content map[string]string) {
	t.Helper()
	for name, b := range content {
		write(t, filepath.Join(dir, name), b)
	}
}

func onlyARun(t *testing.T, what, dir string) {
	t.Helper()
	got := slices.Sorted(maps.Keys(files(t, dir)))
	if want := []string{metricsFile, modelFile, recordFile, stateFile}; !slices.Equal(got, want) || locked(t, dir) {
		t.Errorf("%s: the folder holds %v", what, got)
	}
}

// checkpoints are the files of a run at its beginning, after 2 and 6 steps, and at its end.
func checkpoints(t *testing.T) (list []map[string]string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	create(t, dir, settings())
	for _, steps := range []int{0, 2, 4, 100} {
		if steps > 0 {
			s := goOn(t, dir, nil)
			mustFit(t, s, &stopAfter{steps: steps})
		}
		list = append(list, files(t, dir))
	}
	return list
}

// A checkpoint that is cut short counts from the moment on in which run.json is the new one.
// Readers find the files under either name and change nothing; a resume ends what is begun.
func TestRunsThatWereKilledInACheckpoint(t *testing.T) {
	cs := checkpoints(t)
	before, after, whole := cs[1], cs[2], cs[3]
	ended := 0
	for i, left := range moments(before, after) {
		what := fmt.Sprintf("moment %d", i)
		dir := filepath.Join(t.TempDir(), "run")
		writeAll(t, dir, left)
		r, err := Open(dir)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		want := train.Position{Step: 2}
		if left[recordFile] == after[recordFile] {
			want = train.Position{Epoch: 1, Step: 2}
		}
		if r.Position.Epoch != want.Epoch || r.Position.Step != want.Step {
			t.Errorf("%s: read after epoch %d, step %d, want %d, %d", what, r.Position.Epoch, r.Position.Step, want.Epoch, want.Step)
		}
		if _, err := Create(dir, settings(), toy.Network(5)); err == nil || !strings.Contains(err.Error(), "exists: choose another --run") {
			t.Errorf("%s: Create over a trained run: %v", what, err)
		}
		got := files(t, dir)
		delete(left, lockFile)
		if !maps.Equal(got, left) {
			t.Errorf("%s: Open or Create has changed the folder", what)
		}
		s := goOn(t, dir, nil)
		mustFit(t, s)
		end(t, s)
		onlyARun(t, what, dir)
		for _, name := range sealed {
			if got := files(t, dir)[name]; got != whole[name] {
				t.Errorf("%s: %s ends as another", what, name)
			}
		}
		ended++
	}
	t.Logf("promise U3: %d moments of a checkpoint in which it may be killed, each read as the one before or after and resumed to the same bytes", ended)
}

// Whatever is left of a run that was killed while it was made, the next one takes the folder.
func TestRunsThatWereKilledAtTheirBeginning(t *testing.T) {
	first := checkpoints(t)[0]
	for i, left := range moments(nil, first) {
		what := fmt.Sprintf("moment %d", i)
		dir := filepath.Join(t.TempDir(), "run")
		writeAll(t, dir, left)
		set := settings()
		if left[recordFile] != "" { // a run of other settings is not replaced
			set.Batch = 16
			if _, err := Create(dir, set, toy.Network(5)); err == nil || !strings.Contains(err.Error(), "exists: choose another --run") {
				t.Errorf("%s: with another batch: %v", what, err)
			}
			set = settings()
		}
		end(t, create(t, dir, set))
		onlyARun(t, what, dir)
		for _, name := range sealed {
			if got := files(t, dir)[name]; got != first[name] {
				t.Errorf("%s: %s begins as another", what, name)
			}
		}
		if left[recordFile] == "" {
			continue
		}
		if _, err := Create(dir, set, toy.Network(5)); err == nil || !strings.Contains(err.Error(), "exists: choose another --run") {
			t.Errorf("%s: a run that was closed: %v", what, err)
		}
	}
}

// Next clears up after runs below the same root, but for those that are at work.
func TestNextEndsWhatKilledRunsHaveLeft(t *testing.T) {
	cs := checkpoints(t)
	for i, left := range append(moments(nil, cs[0]), moments(cs[1], cs[2])...) {
		what := fmt.Sprintf("moment %d", i)
		root := t.TempDir()
		killed := filepath.Join(root, "a-001")
		writeAll(t, killed, left)
		write(t, filepath.Join(root, "a-002", "."+pending(stateFile)+".0badcafe.tmp"), "of somebody's folder")
		write(t, filepath.Join(root, "a-002", "notes"), "")
		got, err := Next(root, "a")
		if err != nil || got != filepath.Join(root, "a-003") {
			t.Errorf("%s: %s, %v", what, got, err)
		}
		if n := len(files(t, filepath.Join(root, "a-002"))); n != 2 {
			t.Errorf("%s: a folder with something else in it holds %d files", what, n)
		}
		for name := range left {
			if _, err := os.Lstat(filepath.Join(killed, name)); isLeftover(name) && err == nil {
				t.Errorf("%s: %s is left", what, name)
			}
		}
		if left[recordFile] == "" {
			continue
		}
		if _, err := Open(killed); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	root := t.TempDir()
	busy := filepath.Join(root, "a-001")
	create(t, busy, settings())
	write(t, filepath.Join(busy, pending(stateFile)), "of the process at work")
	if _, err := Next(root, "a"); err != nil || files(t, busy)[pending(stateFile)] == "" {
		t.Errorf("a run at work has lost a file, error %v", err)
	}
}

// Reading goes on while checkpoints follow each other as fast as they can.
func TestOpenWhileCheckpointsAreWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Epochs, set.Patience = 60, 0
	s := create(t, dir, set)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(done)
		if err := fit(s); err != nil {
			t.Error(err)
		}
	})
	reads, last := 0, 0
	for running := true; running; reads++ {
		select {
		case <-done:
			running = false
		default:
		}
		r, err := Open(dir)
		if err != nil {
			t.Fatalf("read %d, after epoch %d: %v", reads, last, err)
		}
		if r.Position.Epoch < last || len(r.Metrics) != r.Position.Epoch {
			t.Fatalf("epoch %d with %d rows after epoch %d", r.Position.Epoch, len(r.Metrics), last)
		}
		last = r.Position.Epoch
	}
	wg.Wait()
	if reads < 10 || last != 60 {
		t.Errorf("%d reads up to epoch %d: the test shows nothing", reads, last)
	}
}

// A session whose checkpoint an error has left half-way writes no other one over it; the next
// session ends it.
func TestAHalfCheckpointIsNotOverwritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	s := create(t, dir, settings())
	model := filepath.Join(dir, modelFile)
	if err := os.Remove(model); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(model, "in the way"), "") // nothing takes the name of a folder
	err := fit(s, &stopAfter{steps: 2})
	if err == nil || !strings.Contains(err.Error(), modelFile) {
		t.Fatalf("error %v, want one that names the model", err)
	}
	if again := fit(s); again == nil || !strings.Contains(again.Error(), "cannot be saved after an error in saving, resume it") {
		t.Errorf("trained on: %v", again)
	}
	end(t, s)
	if err := os.RemoveAll(model); err != nil {
		t.Fatal(err)
	}
	if r, err := Open(dir); err != nil || r.Position.Step != 2 {
		t.Errorf("after the error: %+v, %v", r, err)
	}
	end(t, goOn(t, dir, nil))
	onlyARun(t, "resumed", dir)
}
