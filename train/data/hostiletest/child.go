package hostiletest

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// childEnv is set in a child.
const childEnv = "GONN_HOSTILE_CHILD"

// A Reader reads the file or folder at path and reports whether it is accepted. wrong says
// what is wrong with that, for instance that the file is damaged.
type Reader func(path string) (accepted bool, wrong error)

// Serve reads the files that a parent names on the standard input, one a line, and tells of
// each on the standard output. In a process that is no child it does nothing.
func Serve(t *testing.T, read Reader) {
	if os.Getenv(childEnv) == "" {
		return
	}
	paths := bufio.NewScanner(os.Stdin)
	for paths.Scan() {
		path := paths.Text()
		fmt.Printf("%s begin %s\n", mark, path)
		debug.FreeOSMemory()
		if err := resetPeak(); err != nil {
			t.Fatal(err)
		}
		before := cpuTime()
		accepted, wrong := read(path)
		spent := cpuTime() - before
		peak, err := PeakMemory()
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		if wrong != nil {
			text = strings.ReplaceAll(wrong.Error(), "\n", " ")
		}
		fmt.Printf("%s end %t %d %d %s\n", mark, accepted, peak, spent.Microseconds(), text)
	}
}

// mark begins the lines of a child that are meant for its parent.
const mark = "hostile:"

// parse reads the end of a file's reading.
func (r *Result) parse(line string) error {
	var micros int64
	if _, err := fmt.Sscanf(line, mark+" end %t %d %d", &r.Accepted, &r.Peak, &micros); err != nil {
		return err
	}
	r.CPU = time.Duration(micros) * time.Microsecond
	if parts := strings.SplitN(line, " ", 6); len(parts) == 6 {
		r.Wrong = parts[5]
	}
	return nil
}
