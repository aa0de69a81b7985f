//go:build race

package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// The race detector does not see what assembly touches: kernels tell it. Here another goroutine
// touches the first or the last float of each slice of each kernel, unsynchronised, and the
// detector must report that. It counts a report as a failure of the test, so that all this
// happens in a process of its own.

const baitEnv = "GONN_KERNEL_TEST_BAIT"

func TestTheRaceDetectorSeesEveryKernel(t *testing.T) {
	if os.Getenv(baitEnv) != "" {
		layBaits()
		os.Exit(0)
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), baitEnv+"=1", "GORACE=exitcode=0 suppress_equal_stacks=0 suppress_equal_addresses=0")
	out, err := child.Output()
	if err != nil {
		t.Fatal(err)
	}
	var baits int
	for line := range strings.Lines(string(out)) {
		if _, err := fmt.Sscanf(line, "%d baits", &baits); err != nil {
			t.Error(strings.TrimSpace(line))
		}
	}
	if want := 2 * len(kernelTable); baits < want {
		t.Errorf("%d baits, need at least %d", baits, want)
	}
	t.Logf("promise K4: the race detector reports %d accesses beside %d exported kernels of %s, at both ends of every slice",
		baits, len(kernelsOfTable()), active.name)
}

// layBaits prints what is not reported, and the number of baits.
func layBaits() {
	baits := 0
	for _, k := range kernelTable {
		for seed := range uint64(2) {
			m := newMemory(seed)
			k.run(m)
			for slice := range m.slices {
				for _, end := range []string{"first", "last"} {
					baits++
					if !reported(k, seed, slice, end == "last") {
						fmt.Printf("%s, seed %d: the %s float of slice %d is not reported\n", k.name, seed, end, slice)
					}
				}
			}
		}
	}
	checkBaits()
	fmt.Printf("%d baits\n", baits)
}

// reported reports whether the race detector sees that a kernel touches what another goroutine has
// touched.
func reported(k kernelRow, seed uint64, slice int, last bool) bool {
	m := newMemory(seed)
	m.touch = func(i int, g guarded) {
		if i != slice {
			return
		}
		at := &g.data[0]
		if last {
			at = &g.data[len(g.data)-1]
		}
		touchApart(at, !g.written)
	}
	before := runtime.RaceErrors()
	k.run(m)
	return runtime.RaceErrors() > before
}

// touchApart reads or writes a float in another goroutine. It comes back afterwards, which the race
// detector is not told.
func touchApart(v *float32, write bool) {
	done := make(chan bool)
	go func() {
		if write {
			*v = *v + 0
		} else {
			runtime.KeepAlive(*v)
		}
		runtime.RaceDisable()
		close(done)
		runtime.RaceEnable()
	}()
	runtime.RaceDisable()
	<-done
	runtime.RaceEnable()
}

// checkBaits prints if baits do not tell kernels that say what they touch from one that does not.
func checkBaits() {
	if active == &goOps { // loops in Go are seen without being told
		return
	}
	silent := kernelRow{name: "Add without a word", run: func(m *memory) { active.add(m.inOut(64), m.in(64)) }}
	for slice := range 2 {
		if reported(silent, 1, slice, false) {
			fmt.Printf("%s: a report for slice %d, of which the race detector cannot know\n", silent.name, slice)
		}
	}
}
