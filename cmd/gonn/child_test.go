package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

// job is a command line for a process of its own, to signal it, to kill it or to confine it. The
// test binary runs itself.
type job struct {
	Args []string
	// FileSize and AddressSpace are limits in bytes, as on a full disk and on a small machine; 0
	// is none. They are for Linux.
	FileSize, AddressSpace uint64
	// After is when the command is stopped; 0 is never.
	After time.Duration
	// Peak is a file that gets the peak of resident memory, in bytes; "" if it is not asked for.
	Peak string
}

// jobEnv holds the job of a child as JSON.
const jobEnv = "GONN_TEST_JOB"

// A child does its job before the tests begin, on the first thread of the process, which runs
// all initialisers: strace counts the system calls of that one.
func init() {
	text, ok := os.LookupEnv(jobEnv)
	if !ok {
		return
	}
	runtime.LockOSThread()
	var j job
	err := json.Unmarshal([]byte(text), &j)
	if err == nil {
		err = j.confine()
	}
	if err != nil {
		panic(err)
	}
	os.Exit(j.do())
}

// do runs the command line and gives its exit code.
func (j job) do() int {
	ctx := context.Background()
	if j.After > 0 {
		stopped, cancel := context.WithTimeout(ctx, j.After)
		defer cancel()
		ctx = stopped
		time.AfterFunc(j.After+time.Minute, func() { panic("the command does not stop") })
	}
	code := execute(ctx, append([]string{"gonn"}, j.Args...), os.Stdout, os.Stderr)
	if j.Peak != "" {
		peak, err := hostiletest.PeakMemory()
		if err == nil {
			err = os.WriteFile(j.Peak, strconv.AppendInt(nil, peak, 10), 0o666)
		}
		if err != nil {
			panic(err)
		}
	}
	return code
}

// command is the process of the job, which may run below another program.
func (j job) command(below ...string) *exec.Cmd {
	text, err := json.Marshal(j)
	if err != nil {
		panic(err)
	}
	line := append(below, os.Args[0])
	c := exec.Command(line[0], line[1:]...)
	c.Env = append(os.Environ(), jobEnv+"="+string(text))
	return c
}

// child is the process of a command line whose arguments have no spaces.
func child(args string) *exec.Cmd { return job{Args: strings.Fields(args)}.command() }

// measured runs the process of a job that has a Peak, and gives what it says and that.
func (j job) measured(t *testing.T, c *exec.Cmd) (said string, peak int64) {
	t.Helper()
	out, failed := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(failed)
	}
	b, err := os.ReadFile(j.Peak)
	if err == nil {
		peak, err = strconv.ParseInt(string(b), 10, 64)
	}
	if err != nil {
		t.Errorf("gonn %q: %v, %v: %s", j.Args, failed, err, out)
	}
	return string(out), peak
}
