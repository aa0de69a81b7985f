package run

import (
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

func init() { childJobs["train-no-room"] = trainWithoutRoom }

// A process killed at any moment leaves a run that opens and resumes.
func TestKilledTrainingLeavesAReadableRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	set := settings()
	set.Patience = 0
	end(t, create(t, dir, set))
	rng := rand.New(rand.NewPCG(3, 4))
	epoch := 0
	for kill := range 20 {
		c := training(t, dir, 2+rng.IntN(4))
		time.Sleep(time.Duration(rng.IntN(3000)) * time.Microsecond) // to some moment of an epoch
		kill9(t, c)
		r, err := Open(dir)
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if r.Position.Epoch < epoch || len(r.Metrics) != r.Position.Epoch {
			t.Fatalf("kill %d: epoch %d with %d rows of metrics, was %d before", kill, r.Position.Epoch, len(r.Metrics), epoch)
		}
		epoch = r.Position.Epoch
	}
	t.Logf("promise T4: 20 kills -9 at random moments of checkpoints, epoch %d reached: 0 unreadable", epoch)
	if epoch < 20 {
		t.Errorf("only %d epochs in 20 sessions: the kills came before any work", epoch)
	}
	write(t, filepath.Join(dir, "."+stateFile+".0badcafe.tmp"), "what a kill within a write leaves")
	goOn(t, dir, nil)
	got := slices.Sorted(maps.Keys(files(t, dir)))
	if want := []string{metricsFile, modelFile, recordFile, stateFile}; !slices.Equal(got, want) {
		t.Errorf("after a resume the folder holds %v, want %v", got, want)
	}
}

// trainWithoutRoom takes away the room for the state after the first epoch, as a disk
// that fills up would.
func trainWithoutRoom(dir string) error {
	s, err := Resume(dir, nil)
	if err != nil {
		return err
	}
	return fit(s, &atEpochEnd{f: func(st *train.State) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 2000, Max: 2000}); err != nil {
			panic(err)
		}
	}})
}

// A full disk is an error that names the file, and the old checkpoint stays.
func TestFullDiskKeepsTheOldCheckpoint(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	end(t, create(t, dir, settings()))
	out, err := child("train-no-room", dir).CombinedOutput()
	want := "save " + filepath.Join(dir, stateFile) + ": write " + filepath.Join(dir, pending(stateFile)) + ": file too large"
	if err == nil || !strings.Contains(string(out), want) {
		t.Errorf("the child ended with %v and said %q, want %q", err, out, want)
	}
	r, err := Open(dir)
	if err != nil || r.Position.Epoch != 1 {
		t.Fatalf("got %+v and error %v, want the checkpoint of epoch 1", r, err)
	}
	t.Logf("promise T5: a state that does not fit on the disk is an error, the checkpoint of epoch %d is kept", r.Position.Epoch)
	got := slices.Sorted(maps.Keys(files(t, dir)))
	if want := []string{metricsFile, modelFile, recordFile, stateFile}; !slices.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}
