package bench

import (
	"slices"
	"sync"
	"time"
)

// A task is a piece of work that is repeated; a call says how much it did.
type task func() (amount float64, err error)

// A load is tasks that run side by side, a goroutine each.
type load []task

const (
	sliceTime = 50 * time.Millisecond
	minRounds = 3
)

// rate runs the load for at least d and returns how much it did a second.
func (l load) rate(d time.Duration) (float64, error) {
	amounts, errs := make([]float64, len(l)), make([]error, len(l))
	var wg sync.WaitGroup
	start := time.Now()
	for i, run := range l {
		wg.Go(func() {
			for first := true; first || time.Since(start) < d; first = false {
				amount, err := run()
				if err != nil {
					errs[i] = err
					return
				}
				amounts[i] += amount
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(start).Seconds()
	total := 0.0
	for i := range l {
		if errs[i] != nil {
			return 0, errs[i]
		}
		total += amounts[i]
	}
	// A coarse clock may see no time pass.
	return total / max(elapsed, 1e-9), nil
}

// measured are the rates of several loads, by load and round.
type measured [][]float64

// alternate runs the loads in turn, a slice each, until every one has had the seconds, and
// at least minRounds times.
func alternate(seconds float64, loads ...load) (measured, error) {
	return alternateSeen(seconds, func(int, int) {}, loads...)
}

// alternateSeen is alternate that calls seen after each slice with the load and the round, −1
// for a first call of each load, which is not measured.
func alternateSeen(seconds float64, seen func(load, round int), loads ...load) (measured, error) {
	m := make(measured, len(loads))
	for i, l := range loads { // caches, pools, lazily built tables
		if _, err := l.rate(0); err != nil {
			return nil, err
		}
		seen(i, -1)
	}
	each := time.Duration(seconds * float64(time.Second))
	end := time.Now().Add(each * time.Duration(len(loads)))
	for round := 0; round < minRounds || time.Now().Before(end); round++ {
		for i := range loads {
			if round%2 == 1 { // to and fro: nobody always comes after the same one
				i = len(loads) - 1 - i
			}
			r, err := loads[i].rate(min(sliceTime, each))
			if err != nil {
				return nil, err
			}
			m[i] = append(m[i], r)
			seen(i, round)
		}
	}
	return m, nil
}

// rate is the median rate of load i.
func (m measured) rate(i int) float64 { return median(m[i]) }

// ratio is the median over the rounds of load i's rate to that of load j.
func (m measured) ratio(i, j int) float64 {
	r := make([]float64, len(m[i]))
	for round := range r {
		r[round] = m[i][round] / m[j][round]
	}
	return median(r)
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}
