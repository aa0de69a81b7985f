package run

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// soakUse is what a soak uses, at equal intervals; MiB but for the goroutines.
type soakUse struct {
	interval                   time.Duration
	heap, resident, goroutines []float64
}

// watch counts memory and goroutines until the end, each time with everything at rest.
func (s *soak) watch(t *testing.T, long time.Duration) *soakUse {
	u := &soakUse{interval: min(10*time.Second, long/20)}
	for !s.over() && !t.Failed() {
		time.Sleep(u.interval)
		s.world.Lock()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		u.heap = append(u.heap, float64(m.HeapAlloc)/(1<<20))
		u.goroutines = append(u.goroutines, float64(runtime.NumGoroutine()))
		u.resident = append(u.resident, resident())
		s.world.Unlock()
	}
	return u
}

// resident is the memory that the process has, 0 where that is not known.
func resident() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(b), "VmRSS:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseFloat(fields[0], 64)
	return kib / 1024
}

// growth is how much the line of least squares through a series rises from its first quarter,
// while caches fill, to its end; least and most are the extremes there.
func growth(series []float64) (rise, least, most float64) {
	y := series[len(series)/4:]
	if len(y) == 0 {
		return 0, 0, 0
	}
	n, mx, my, above, below := float64(len(y)), float64(len(y)-1)/2, 0.0, 0.0, 0.0
	for _, v := range y {
		my += v / n
	}
	for i, v := range y {
		above += (float64(i) - mx) * (v - my)
		below += (float64(i) - mx) * (float64(i) - mx)
	}
	if below > 0 {
		rise = above / below * (n - 1)
	}
	return rise, slices.Min(y), slices.Max(y)
}

func (u *soakUse) String() string {
	text := fmt.Sprintf("%d counts", len(u.heap))
	for _, of := range []struct {
		name   string
		series []float64
	}{{"heap MiB", u.heap}, {"resident MiB", u.resident}, {"goroutines", u.goroutines}} {
		rise, least, most := growth(of.series)
		text += fmt.Sprintf("; %s %.4g to %.4g, trend %+.2f", of.name, least, most, rise)
	}
	return text
}

// check wants no series to rise: by a megabyte of live heap; by sixteen of the process's memory,
// which the collector gives back when it likes; by sixteen goroutines, for executors keep idle
// ones for a while, and a training that left one behind would leave hundreds.
func (u *soakUse) check(t *testing.T) {
	for _, of := range []struct {
		name          string
		series        []float64
		rise, between float64
	}{{"heap", u.heap, 1, 4}, {"resident memory", u.resident, 16, 64}, {"goroutines", u.goroutines, 16, 64}} {
		rise, least, most := growth(of.series)
		if rise > of.rise || most-least > of.between {
			t.Errorf("%s: from %.4g to %.4g with a trend of %+.4g; allowed is a trend of %g and %g between", of.name, least, most, rise, of.rise, of.between)
		}
	}
}

func TestGrowth(t *testing.T) {
	for _, tt := range []struct {
		series []float64
		want   float64
	}{{nil, 0}, {[]float64{7}, 0}, {[]float64{90, 1, 2, 3}, 2}, {[]float64{90, 5, 5, 5}, 0}, {[]float64{90, 3, 1, 2, 1, 3, 2}, 0.2}} {
		if rise, _, _ := growth(tt.series); rise < tt.want-0.3 || rise > tt.want+0.3 {
			t.Errorf("%v rises by %g, want %g", tt.series, rise, tt.want)
		}
	}
}
