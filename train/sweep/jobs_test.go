package sweep

import "testing"

func TestJobs(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		cells, processors, need int
		memory                  int64
		jobs, workers           int
	}{
		{24, 2, 50 * mb, 4000 * mb, 2, 1},
		{24, 8, 50 * mb, 4000 * mb, 8, 1},
		{3, 8, 50 * mb, 4000 * mb, 3, 2},
		{1, 8, 50 * mb, 4000 * mb, 1, 8},
		{24, 8, 1000 * mb, 2500 * mb, 2, 4}, // memory is short
		{24, 8, 1000 * mb, 500 * mb, 1, 8},  // not enough for one, which is tried all the same
		{0, 2, mb, mb, 1, 2},
	} {
		if jobs, workers := jobsFor(c.cells, c.processors, c.need, c.memory); jobs != c.jobs || workers != c.workers {
			t.Errorf("%+v: %d jobs of %d workers", c, jobs, workers)
		}
	}
	if m := usableMemory(); m <= 0 {
		t.Errorf("usable memory: %d", m)
	}
}
