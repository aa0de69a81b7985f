package exec

import "time"

// tuner chooses the number of workers that share a single sample, by the time that recent
// samples took.
type tuner struct {
	count int       // samples so far
	ended time.Time // end of the last sample
	// took is what samples took lately by each choice: a moving average, and in a trial the least,
	// so that the first samples, for which code and memory are not in the caches and workers are
	// asleep, do not count. 0 means not known.
	took [2]time.Duration
	// A trial is of the samples up to number until; the next one begins with number from.
	from, until int
	tried       choice
}

// choice is whether one worker runs a sample or the workers share it.
type choice int

const (
	byOne choice = iota
	byTeam
)

const (
	// firstTrial is the number of the sample with which the first trial of the other choice begins,
	// and trialSamples how many it takes: long enough to wake workers.
	firstTrial   = 5
	trialSamples = 8
	// trialEvery is the number of samples from one trial to the next, and trialSoon that from a
	// change of the choice, which something may have caused that is over.
	trialEvery = 1024
	trialSoon  = 32
)

// wakeWindow is the largest time between two samples after which sleeping workers are woken
// for the next one.
const wakeWindow = 100 * time.Microsecond

// longSample is the time of a sample by one worker from which it pays to wake workers for this
// very sample. Waking takes some tens of microseconds, sharing saves up to half the time.
const longSample = 150 * time.Microsecond

// workers is the number of workers for the next sample, 1 or most. Sharing pays if a cache
// line moves quickly between the processors, so it takes the choice that was faster lately,
// and from time to time tries the other. It is 1 if another run in this process needs the
// processors. If workers are asleep, they are woken for a long sample. For a short one, which
// takes no longer than waking them, they are woken for the next, if samples follow each other
// within wakeWindow.
func (t *tuner) workers(pool *workerPool, most int) int {
	if most == 1 || running.Load() > 1 {
		return 1
	}
	switch {
	case t.next() == byOne:
		return 1
	case pool.spinning(most):
		return most
	}
	long := t.took[byOne] > longSample
	if long || time.Since(t.ended) < wakeWindow {
		pool.wake(most)
	}
	if long {
		return most
	}
	return 1
}

// next is the choice for the next sample.
func (t *tuner) next() choice {
	t.count++
	if t.count == max(t.from, firstTrial) {
		t.from, t.until = t.count+trialEvery, t.count+trialSamples-1
		t.tried = 1 - t.faster()
		t.took[t.tried] = 0
	}
	if t.count <= t.until {
		return t.tried
	}
	return t.faster()
}

// faster is the choice that was faster lately, byOne if the other is not known.
func (t *tuner) faster() choice {
	if t.took[byTeam] == 0 || t.took[byOne] > 0 && t.took[byOne] < t.took[byTeam] {
		return byOne
	}
	return byTeam
}

// record notes how long a sample took that a number of workers began to run at a time.
func (t *tuner) record(workers int, start time.Time) {
	t.ended = time.Now()
	by := byOne
	if workers > 1 {
		by = byTeam
	}
	t.add(by, t.ended.Sub(start))
}

func (t *tuner) add(by choice, d time.Duration) {
	before, took := t.faster(), &t.took[by]
	switch {
	case *took == 0:
		*took = d
	case t.count <= max(t.until, firstTrial-1):
		*took = min(*took, d)
	default:
		*took += (min(d, 2**took) - *took) / 8 // limits outliers, such as an interrupted run
		if t.faster() != before {
			t.from = t.count + trialSoon
		}
	}
}
