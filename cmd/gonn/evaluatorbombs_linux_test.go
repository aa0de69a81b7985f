package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// bombLimits are the limits of TestEvaluatorBombs: small ones for a part of the graphs, and with
// GONN_BOMBS=all the default memory and more operations for all of them.
func bombLimits() (memory float64, flags []string, all bool) {
	if os.Getenv("GONN_BOMBS") == "all" {
		return float64(reference.DefaultLimits.Memory), []string{"--max-ops", "2e9"}, true
	}
	return 128 << 20, []string{"--max-memory", "128MiB", "--max-ops", "1e8"}, false
}

// sampled is of how many graphs go test tries one; .ci/bombs tries all.
const sampled = 3

// Graphs that ask for more than any computer has are refused, with the flag that raises the
// limit, within memory near the limit.
func TestEvaluatorBombs(t *testing.T) {
	tried := 0
	memory, flags, all := bombLimits()
	var peak, cpu float64
	var slowest string
	for i, b := range bombs() {
		if !all && (b.long || i%sampled != 0) {
			continue
		}
		tried++
		path := b.write(t)
		out, bytes, time := gonnProcess(t, append([]string{"predict", path, "../../testdata/digits/7.png"}, flags...)...)
		took, mib := time.Seconds(), float64(bytes)/(1<<20)
		t.Logf("%-32s %6.0f MiB %5.2f s  %s", b.name, mib, took, strings.ReplaceAll(strings.TrimSpace(out), path, ""))
		if took > cpu {
			cpu, slowest = took, b.name
		}
		peak = max(peak, mib)
		// A node that is refused by a limit, or all is done after all.
		if !strings.Contains(out, "raises it") && !strings.HasPrefix(out, "done: ") || strings.Contains(out, "goroutine") {
			t.Errorf("%s: %s", b.name, out)
		}
		if most := allowed(memory); mib > most {
			t.Errorf("%s: %.0f MiB, more than %.0f", b.name, mib, most)
		}
	}
	t.Logf("promise U4: %d graphs that ask for much: at most %.0f MiB and %.1f s of processor time (%s) under limits of %.0f MiB and %s operations, allowed 3 × limit + 64 MiB = %.0f MiB", tried, peak, cpu, slowest, memory/(1<<20), flags[len(flags)-1], allowed(memory))
}

// allowed is the memory in MiB that a process may take whose values may take so many bytes.
func allowed(limit float64) float64 { return 3*limit/(1<<20) + 64 }

// gonnProcess runs gonn as a process of its own with little address space, and gives what it says,
// its peak of resident memory in bytes and its processor time.
func gonnProcess(t *testing.T, args ...string) (said string, peak int64, took time.Duration) {
	t.Helper()
	j := job{Args: args, AddressSpace: 8_000_000 << 10, After: 2 * time.Minute, Peak: filepath.Join(t.TempDir(), "peak")}
	c := j.command()
	said, peak = j.measured(t, c)
	if c.ProcessState.Success() {
		said = "done: " + said
	}
	return said, peak, c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}
