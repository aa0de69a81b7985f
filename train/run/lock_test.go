package run

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// Another process is refused while a run is trained, readers are not, and a kill ends the
// lock.
func TestARunIsLockedWhileAProcessTrainsIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	end(t, create(t, dir, settings()))
	refused, released := 0, 0
	for range 3 {
		c := training(t, dir, 0)
		s, err := Resume(dir, nil)
		want := fmt.Sprintf("%s is being trained by another process (pid %d): wait for it or choose another --run", dir, c.Process.Pid)
		if s != nil || err == nil || err.Error() != want {
			t.Errorf("resumed while another process trains: error %v, want %q", err, want)
		}
		if held := (*LockedError)(nil); !errors.As(err, &held) || held.Dir != dir {
			t.Errorf("the error is a %T", err)
		}
		if out, err := child("train", dir).CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("a second process ended with %v and said %q, want %q", err, out, want)
		} else {
			refused++
		}
		if s, err := Create(dir, settings(), toy.Network(1)); s != nil || err == nil || !strings.Contains(err.Error(), "exists: choose another --run") {
			t.Errorf("created over a run that is trained: error %v", err)
		}
		if _, err := Open(dir); err != nil {
			t.Errorf("read while it is trained: %v", err)
		}
		kill9(t, c)
		if !locked(t, dir) {
			t.Error("the killed process has left no lock: the test shows nothing")
		}
		end(t, goOn(t, dir, func(s *Settings) error { s.Epochs = 1 << 30; return nil }))
		released++
		if locked(t, dir) {
			t.Error("Close leaves the lock")
		}
	}
	t.Logf("promise U1: %d second processes are refused, %d locks are released by kill -9", refused, released)
}

func TestCloseEndsASession(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	first := create(t, dir, settings())
	if err := first.Unlocked(); err != nil {
		t.Errorf("not locked: %v", err)
	}
	if s, err := Resume(dir, nil); s != nil || err == nil || !strings.Contains(err.Error(), "by a session of this process: close it first") {
		t.Errorf("two sessions: error %v", err)
	}
	end(t, first)
	end(t, first)
	if locked(t, dir) {
		t.Error("Close leaves the lock")
	}
	second := goOn(t, dir, nil)
	end(t, first) // it does not take the lock of the second away
	if s, err := Resume(dir, nil); s != nil || err == nil {
		t.Errorf("closing twice ended another session: error %v", err)
	}
	before := files(t, dir)
	for what, err := range map[string]error{"trained": fit(first), "finished": first.Finish(Result{}), "saved": first.save()} {
		if err == nil || !strings.Contains(err.Error(), dir+": the session is closed") {
			t.Errorf("%s after Close: error %v", what, err)
		}
	}
	if got := files(t, dir); fmt.Sprint(got) != fmt.Sprint(before) {
		t.Error("a closed session has changed the files")
	}
	mustFit(t, second)
}

// A process killed before it made the run has left its lock and half a file.
func TestCreateTakesAFolderWithADeadLock(t *testing.T) {
	for _, content := range []string{"", "12345\n"} {
		dir := filepath.Join(t.TempDir(), "run")
		write(t, filepath.Join(dir, lockFile), content)
		write(t, filepath.Join(dir, "."+recordFile+".0badcafe.tmp"), "{")
		create(t, dir, settings())
		if got := slices.Sorted(maps.Keys(files(t, dir))); len(got) != 4 || got[0] != metricsFile {
			t.Errorf("the folder holds %v", got)
		}
	}
}

// A file of that name which is somebody's is neither taken nor changed.
func TestAFileThatIsNoLockStays(t *testing.T) {
	root := t.TempDir()
	made := filepath.Join(root, "made")
	end(t, create(t, made, settings()))
	for _, dir := range []string{made, filepath.Join(root, "new")} {
		write(t, filepath.Join(dir, lockFile), "combination 12-34")
		var err error
		if dir == made {
			_, err = Resume(dir, nil)
		} else {
			_, err = Create(dir, settings(), toy.Network(1))
		}
		if err == nil || !strings.Contains(err.Error(), "lock is not a lock that a killed process has left") {
			t.Errorf("%s: error %v", dir, err)
		}
		if b, err := os.ReadFile(filepath.Join(dir, lockFile)); err != nil || string(b) != "combination 12-34" {
			t.Errorf("%s: the file holds %q, error %v", dir, b, err)
		}
	}
}

func TestARefusedRunLeavesNoLock(t *testing.T) {
	root := t.TempDir()
	full, empty := filepath.Join(root, "full"), filepath.Join(root, "empty")
	write(t, filepath.Join(full, "precious"), "")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(full, settings(), toy.Network(1)); err == nil || locked(t, full) {
		t.Errorf("a full folder: error %v, locked %v", err, locked(t, full))
	}
	if _, err := Resume(empty, nil); err == nil || locked(t, empty) {
		t.Errorf("an empty folder: error %v, locked %v", err, locked(t, empty))
	}
}

func TestFewerEpochsThanAreDoneAreRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	mustFit(t, create(t, dir, settings()))
	epochs := func(n int) func(*Settings) error {
		return func(s *Settings) error { s.Epochs = n; return nil }
	}
	end(t, sessions[dir])
	before := files(t, dir)
	want := "resume " + dir + ": 3 epochs are done; --epochs 2 is less: ask for at least 3"
	if s, err := Resume(dir, epochs(2)); s != nil || err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
	if fmt.Sprint(files(t, dir)) != fmt.Sprint(before) || locked(t, dir) {
		t.Error("the refused resume has changed the folder")
	}
	s := goOn(t, dir, epochs(3))
	mustFit(t, s)
	end(t, s)
	mustFit(t, goOn(t, dir, epochs(5)), &stopAfter{steps: 2})
	end(t, sessions[dir])
	if s, err := Resume(dir, epochs(3)); s != nil || err == nil || !strings.Contains(err.Error(), "3 epochs are done and one is begun; --epochs 3 is less: ask for at least 4") {
		t.Errorf("within an epoch: error %v", err)
	}
	mustFit(t, goOn(t, dir, epochs(4)))
}
