package exec

import (
	"testing"
	"time"
)

// tuned runs samples, each of which takes what took says for its number and the tuner's choice,
// and returns how many of them were shared.
func tuned(t *tuner, samples int, took func(i int, by choice) time.Duration) (shared int) {
	for i := range samples {
		by := t.next()
		if by == byTeam {
			shared++
		}
		t.add(by, took(i, by))
	}
	return shared
}

const us = time.Microsecond

// times are those of a machine on which the first sample of each kind is slow, and the first of
// those that are shared after others that were not.
func times(aloneTakes, sharedTakes time.Duration) func(int, choice) time.Duration {
	last, seen := byOne, [2]bool{}
	return func(_ int, by choice) time.Duration {
		d := [2]time.Duration{aloneTakes, sharedTakes}[by]
		if by == byTeam && last == byOne {
			d += 100 * us
		}
		if !seen[by] {
			d *= 5
		}
		last, seen[by] = by, true
		return d
	}
}

// The faster choice is taken soon, whatever the first samples took.
func TestTunerChoosesTheFasterSoon(t *testing.T) {
	for _, tc := range []struct {
		alone, shared time.Duration
		least, most   int // of 1,000 samples that are shared
	}{
		{600 * us, 370 * us, 980, 1000},
		{600 * us, 500 * us, 980, 1000},
		{600 * us, 900 * us, 0, 20},
		{5 * us, 4 * us, 980, 1000},
		{5 * us, 15 * us, 0, 20},
	} {
		if n := tuned(new(tuner), 1000, times(tc.alone, tc.shared)); n < tc.least || n > tc.most {
			t.Errorf("alone %v, shared %v: %d of 1000 samples are shared, want %d to %d", tc.alone, tc.shared, n, tc.least, tc.most)
		}
	}
}

// Samples that were interrupted do not change the choice for long.
func TestTunerRecoversFromInterruptions(t *testing.T) {
	usual := times(600*us, 370*us)
	tn := new(tuner)
	tuned(tn, 50, usual)
	tuned(tn, 20, func(int, choice) time.Duration { return 4 * time.Millisecond })
	if n := tuned(tn, 1000, usual); n < 900 {
		t.Errorf("%d of 1000 samples are shared after an interruption", n)
	}
}

// The choice follows the machine: another process takes a processor, and gives it back.
func TestTunerFollowsTheMachine(t *testing.T) {
	tn := new(tuner)
	tuned(tn, 500, times(600*us, 370*us))
	if n := tuned(tn, 1000, times(600*us, 1200*us)); n > 100 {
		t.Errorf("%d of 1000 samples are shared though that is slower", n)
	}
	if n := tuned(tn, 1000, times(600*us, 370*us)); n < 700 {
		t.Errorf("%d of 1000 samples are shared though that is faster again", n)
	}
}
