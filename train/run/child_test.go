package run

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train"
)

// Some tests need a process of their own to kill or to confine, so the test binary
// runs itself: TestMain sends a child to work.
const childEnv = "GONN_RUN_TEST_CHILD"

func TestMain(m *testing.M) {
	if job, dir, ok := strings.Cut(os.Getenv(childEnv), " "); ok {
		if err := childJobs[job](dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

var childJobs = map[string]func(dir string) error{
	"train": trainForever,
}

func child(job, dir string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childEnv+"="+job+" "+dir)
	return c
}

// trainForever saves as fast as it can. It writes a byte when it is training, and one at the
// end of each epoch.
func trainForever(dir string) error {
	s, err := Resume(dir, func(set *Settings) error { set.Epochs = 1 << 30; return nil })
	if err != nil {
		return err
	}
	fmt.Print("t")
	return fit(s, &atEpochEnd{f: func(*train.State) { fmt.Print(".") }})
}

// training starts a child that trains forever, and comes back when that many epochs have
// ended, all of which but the last are saved.
func training(t *testing.T, dir string, epochs int) *exec.Cmd {
	t.Helper()
	c := child("train", dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	c.Stderr = &told
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1+epochs)); err != nil {
		c.Wait()
		t.Fatalf("the run does not resume: %s", &told)
	}
	return c
}

// kill9 ends a child without a chance to clean up.
func kill9(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()
}
