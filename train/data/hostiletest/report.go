package hostiletest

import (
	"path/filepath"
	"testing"
	"time"
)

// allowed is the memory that the reader of a file may take before a refusal.
func allowed(size int64) int64 { return 3*size + 64<<20 }

// Report fails the test for every child that died, every file that was read wrongly and every
// refusal that took more memory than is allowed, and logs the figures of the promises.
func Report(t *testing.T, kind string, results []Result) {
	t.Helper()
	refused, dead, wrong, worst := 0, 0, 0, Result{Size: 1 << 62}
	var slowest, small Result
	for _, r := range results {
		switch {
		case r.Dead != "":
			t.Errorf("%s: the process died: %s", r.Path, r.Dead)
			dead++
			continue
		case r.Wrong != "":
			t.Errorf("%s: %s", r.Path, r.Wrong)
			wrong++
			continue
		case r.Accepted:
			continue
		}
		refused++
		if counted && r.Peak > allowed(r.Size) {
			t.Errorf("%s: refusing %d bytes took %d MiB of memory, allowed are %d", r.Path, r.Size, r.Peak>>20, allowed(r.Size)>>20)
		}
		if share(r) > share(worst) {
			worst = r
		}
		if r.Size < 1e6 {
			if r.CPU > small.CPU {
				small = r
			}
		} else if perMB(r) > perMB(slowest) {
			slowest = r
		}
	}
	t.Logf("promise S1: %d hostile files of %s in child processes: %d refused, %d accepted as what they are; %d panics or deaths, %d read wrongly",
		len(results), kind, refused, len(results)-refused-dead-wrong, dead, wrong)
	if t.Failed() || refused == 0 {
		return
	}
	t.Logf("promise S2: %s: at most %d MiB before the refusal of %.1f MB (%s), allowed 3 × file + 64 MiB = %d MiB",
		kind, worst.Peak>>20, float64(worst.Size)/1e6, filepath.Base(worst.Path), allowed(worst.Size)>>20)
	if slowest.Size > 0 {
		t.Logf("promise S3: %s: at most %.0f ms of processor time per MB to refuse, for %.1f MB (%s); allowed 100",
			kind, perMB(slowest), float64(slowest.Size)/1e6, filepath.Base(slowest.Path))
	}
	if small.Path != "" {
		t.Logf("promise S3: %s: at most %d ms of processor time to refuse a file below 1 MB (%s)", kind, small.CPU.Milliseconds(), filepath.Base(small.Path))
	}
}

// share is the part of the allowed memory that was taken.
func share(r Result) float64 { return float64(r.Peak) / float64(allowed(r.Size)) }

// perMB is the processor time in milliseconds for each megabyte.
func perMB(r Result) float64 {
	if r.Size == 0 {
		return 0
	}
	return float64(r.CPU) / float64(time.Millisecond) / (float64(r.Size) / 1e6)
}
