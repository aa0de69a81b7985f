package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// gonnArgs is the environment variable that makes this test a process of gonn, with little
// address space.
const gonnArgs = "GONN_TEST_ARGS"

// bombLimits are the limits of TestEvaluatorBombs: small ones for a part of the graphs, and with
// GONN_BOMBS=all the default memory and more operations for all of them.
func bombLimits() (memory float64, flags []string, all bool) {
	if os.Getenv("GONN_BOMBS") == "all" {
		return float64(reference.DefaultLimits.Memory), []string{"--max-ops", "3e9"}, true
	}
	return 128 << 20, []string{"--max-memory", "128MiB", "--max-ops", "1e8"}, false
}

// Graphs that ask for more than any computer has are refused, with the flag that raises the
// limit, within memory near the limit.
func TestEvaluatorBombs(t *testing.T) {
	if args := os.Getenv(gonnArgs); args != "" {
		limit := syscall.Rlimit{Cur: 8_000_000 << 10, Max: 8_000_000 << 10}
		if err := syscall.Setrlimit(syscall.RLIMIT_AS, &limit); err != nil {
			t.Fatal(err)
		}
		os.Exit(execute(context.Background(), strings.Split(args, "\n"), os.Stdout, os.Stderr))
	}
	dir, tried := t.TempDir(), 0
	memory, flags, all := bombLimits()
	var peak, cpu float64
	var slowest string
	for _, b := range bombs() {
		if b.long && !all {
			continue
		}
		tried++
		path := filepath.Join(dir, "bomb.onnx")
		if err := os.WriteFile(path, b.model().Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		out, usage := gonnProcess(t, append([]string{"gonn", "predict", path, "../../testdata/digits/7.png"}, flags...)...)
		took := time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
		mib := float64(usage.Maxrss) / 1024
		t.Logf("%-32s %6.0f MiB %5.2f s  %s", b.name, mib, took, strings.ReplaceAll(strings.TrimSpace(out), path, ""))
		if took > cpu {
			cpu, slowest = took, b.name
		}
		peak = max(peak, mib)
		// A node that is refused by a limit, or all is done after all.
		if !strings.Contains(out, "raises it") && !strings.HasPrefix(out, "done: ") || strings.Contains(out, "goroutine") {
			t.Errorf("%s: %s", b.name, out)
		}
		if most := 3*memory/(1<<20) + 256; mib > most {
			t.Errorf("%s: %.0f MiB, more than %.0f", b.name, mib, most)
		}
	}
	t.Logf("promise U4: %d graphs that ask for much: at most %.0f MiB and %.1f s of processor time (%s) under limits of %.0f MiB and %s operations", tried, peak, cpu, slowest, memory/(1<<20), flags[len(flags)-1])
}

// gonnProcess runs gonn as a process of its own, and gives what it says.
func gonnProcess(t *testing.T, args ...string) (string, *syscall.Rusage) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestEvaluatorBombs$")
	child.Env = append(os.Environ(), gonnArgs+"="+strings.Join(args, "\n"))
	out, err := child.CombinedOutput()
	if ctx.Err() != nil {
		t.Errorf("%q: %v", args, ctx.Err())
	}
	text := string(out)
	if err == nil {
		text = fmt.Sprintf("done: %s", out)
	}
	return text, child.ProcessState.SysUsage().(*syscall.Rusage)
}
