package run

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
)

// One run, whatever computes it.
func TestWorkersAndProcessorsGiveTheSameBytes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	root := t.TempDir()
	set := settings()
	set.Epochs = 2
	hashes := map[[32]byte]int{}
	runs := 0
	for _, workers := range []int{1, 2, 3, 8} {
		for _, processors := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(processors)
			for try := range 5 {
				set.Workers = workers
				dir := filepath.Join(root, fmt.Sprintf("%d-%d-%d", workers, processors, try))
				s := create(t, dir, set)
				mustFit(t, s)
				end(t, s)
				content := files(t, dir)
				hashes[sha256.Sum256([]byte(content[stateFile]+content[modelFile]))]++
				runs++
			}
		}
	}
	if len(hashes) != 1 {
		t.Errorf("%d different results: %v", len(hashes), hashes)
	}
	t.Logf("promise T1: %d runs over 1, 2, 3, 8 workers × GOMAXPROCS 1, 2, 4: %d hash", runs, len(hashes))
}
