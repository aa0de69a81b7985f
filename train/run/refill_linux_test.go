package run

import (
	"path/filepath"
	"strings"
	"testing"
)

// A disk that fills up stops a training at its last checkpoint, and when there is room again
// it goes on from there, to the same bytes as without.
func TestDiskThatFillsAndEmptiesAgain(t *testing.T) {
	root := t.TempDir()
	whole, dir := filepath.Join(root, "whole"), filepath.Join(root, "run")
	mustFit(t, create(t, whole, settings()))
	end(t, create(t, dir, settings()))
	const times = 2 // of 3 epochs
	for full := range times {
		out, err := child("train-no-room", dir).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "file too large") || !strings.Contains(string(out), dir) {
			t.Errorf("the child ended with %v and said %q", err, out)
		}
		r, err := Open(dir)
		if err != nil || r.Position.Epoch != full+1 {
			t.Fatalf("got %+v and error %v, want the checkpoint of epoch %d", r, err, full+1)
		}
	}
	mustFit(t, goOn(t, dir, nil))
	got, want := files(t, dir), files(t, whole)
	for _, name := range []string{stateFile, modelFile} {
		if got[name] != want[name] {
			t.Errorf("%s differs from that of a run that always had room", name)
		}
	}
	t.Logf("promise T5: a disk that was full %d times in a training: each time the last checkpoint stayed, in the end the bytes are those of a run that always had room", times)
}
