//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// waitFor waits until a text is in a file.
func waitFor(t *testing.T, path, text string) {
	t.Helper()
	for start := time.Now(); time.Since(start) < 5*time.Minute; time.Sleep(5 * time.Millisecond) {
		if b, err := os.ReadFile(path); err == nil && strings.Contains(string(b), text) {
			return
		}
	}
	t.Fatalf("%s does not come to hold %q", path, text)
}

// startTraining starts a training in a process of its own and waits until it has trained some epochs.
func startTraining(t *testing.T, args, dir string, epochs int) (c *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	c, stderr = child(args+" --run "+dir), &bytes.Buffer{}
	c.Stderr = stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	waitFor(t, filepath.Join(dir, "run.json"), fmt.Sprintf(`"epoch":%d,`, epochs))
	return c, stderr
}

// The first signal saves what can be resumed to the same bytes, and the exit code says which
// it was.
func TestSignalsSave(t *testing.T) {
	t.Chdir(t.TempDir())
	const tiny = "train --limit 64 --batch 8 --net mlp --act relu --seed 3"
	received := make(chan os.Signal, 1)
	signal.Notify(received, syscall.SIGHUP) // children do not ignore what this process catches
	defer signal.Stop(received)
	codes := []int{}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		code := 128 + int(sig)
		dir := fmt.Sprint("r", code)
		c, stderr := startTraining(t, tiny+" --epochs 1000000", dir, 2)
		c.Process.Signal(sig)
		c.Wait()
		if got := c.ProcessState.ExitCode(); got != code || !strings.Contains(stderr.String(), "go on with gonn train --resume --run "+dir) {
			t.Errorf("%v: exit %d, want %d: %s", sig, got, code, stderr)
			continue
		}
		codes = append(codes, code)
		var epoch, step int
		_, line, _ := strings.Cut(stderr.String(), "stopped after ")
		if _, err := fmt.Sscanf(line, "epoch %d, step %d", &epoch, &step); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		epochs := fmt.Sprint(epoch + 1)
		mustRun(t, "train", "--resume", "--run", dir, "--epochs", epochs)
		mustRun(t, append(strings.Fields(tiny), "--run", dir+"-whole", "--epochs", epochs)...)
		sameRun(t, dir, dir+"-whole")
	}
	t.Logf("promise T7: exit codes %v after SIGINT, SIGTERM and SIGHUP, each saved and resumed to the same bytes", codes)
}

// A sweep that a signal stops saves the cells at hand and goes on to the same bytes.
func TestSignalStopsSweep(t *testing.T) {
	t.Chdir(t.TempDir())
	const args = "sweep --act relu,prelu --seeds 1 --net mlp --data mnist --limit 64 --batch 8 --epochs 30"
	c, stderr := child(args+" --dir s"), &bytes.Buffer{}
	c.Stderr = stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	waitFor(t, filepath.Join("s", "act=relu,seed=1", "run.json"), `"epoch":2,`)
	c.Process.Signal(syscall.SIGINT)
	c.Wait()
	if got := c.ProcessState.ExitCode(); got != 130 || !strings.Contains(stderr.String(), "go on with gonn sweep --resume s") {
		t.Errorf("exit %d: %s", got, stderr)
	}
	resumed := mustRun(t, "sweep", "--resume", "s", "--jobs", "1")
	whole := mustRun(t, append(strings.Fields(args), "--dir", "whole")...)
	if strings.Replace(resumed, "s: 2 of", "whole: 2 of", 1) != whole {
		t.Errorf("resumed:\n%s\nin one go:\n%s", resumed, whole)
	}
	for _, cell := range []string{"act=relu,seed=1", "act=prelu,seed=1"} {
		sameRun(t, filepath.Join("s", cell), filepath.Join("whole", cell))
	}
}

// The second signal does not wait for the batch, and SIGHUP is nothing below nohup.
func TestSecondSignalAndNohup(t *testing.T) {
	t.Chdir(t.TempDir())
	c, _ := startTraining(t, "train --limit 500 --batch 500 --epochs 100 --net resnet20 --act relu --workers 1", "slow", 1)
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	sent := 0
	for done := false; !done; {
		select {
		case <-ended:
			done = true
		case <-time.After(50 * time.Millisecond):
			if c.Process.Signal(syscall.SIGTERM) == nil {
				sent++
			}
		}
	}
	if status := c.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGTERM || sent < 2 {
		t.Errorf("after %d signals: %v", sent, c.ProcessState)
	}

	signal.Ignore(syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	c, stderr := startTraining(t, "train --limit 64 --batch 8 --epochs 1000000 --net mlp --act relu", "r", 1)
	c.Process.Signal(syscall.SIGHUP)
	waitFor(t, filepath.Join("r", "run.json"), `"epoch":20,`)
	c.Process.Signal(syscall.SIGTERM)
	c.Wait()
	if got := c.ProcessState.ExitCode(); got != 143 {
		t.Errorf("below nohup: exit %d: %s", got, stderr)
	}
	t.Logf("promise U7: SIGHUP saves, below nohup it is ignored; the second signal of %d ends the process at once", sent)
}
