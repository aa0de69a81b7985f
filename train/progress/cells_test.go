package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

// The time left is that of the trainings which are left, at the speed since the beginning, what
// was done before not included.
func TestCells(t *testing.T) {
	var out bytes.Buffer
	c := NewCells(&out, 1, 5) // 4 are left
	now := c.began
	c.now = func() time.Time { return now }
	resumed, whole := c.Follow("resumed"), c.Follow("whole")
	at := func(epoch int) *train.State {
		return &train.State{Epochs: 2, Steps: 10, Position: train.Position{Epoch: epoch}}
	}
	resumed.TrainBegin(at(1)) // half of it is done
	whole.TrainBegin(at(0))
	now = now.Add(10 * time.Second)
	resumed.BatchEnd(at(2))
	whole.BatchEnd(at(1)) // together one training in 10 s, and 2.5 of 3.5 are left
	c.End("resumed", "good")
	c.End("other", "failed: at once") // 1.5 are left
	now = now.Add(10 * time.Second)
	whole.BatchEnd(at(2))
	c.End("whole", "good") // 1.5 in 20 s, 1 is left
	c.End("last", "good")
	want := "[2/5] resumed: good  0:25 left\n[3/5] other: failed: at once  0:15 left\n[4/5] whole: good  0:13 left\n[5/5] last: good\n"
	if got := out.String(); got != want {
		t.Errorf("%s, want\n%s", strings.TrimSpace(got), want)
	}
}

// A training that ends early, as it diverges or no longer improves, has worked for what it has done
// and leaves no rest.
func TestCellsThatEndEarly(t *testing.T) {
	var out bytes.Buffer
	c := NewCells(&out, 0, 3)
	now := c.began
	c.now = func() time.Time { return now }
	at := func(step int) *train.State {
		return &train.State{Epochs: 1, Steps: 10, Position: train.Position{Step: step}}
	}
	for _, name := range []string{"a", "b"} {
		l := c.Follow(name)
		l.TrainBegin(at(0))
		now = now.Add(2 * time.Second)
		l.BatchEnd(at(2)) // 10 s for a whole one
		c.End(name, "failed")
	}
	c.Around(func() { out.WriteString("by the way\n") })
	want := "[1/3] a: failed  0:20 left\n[2/3] b: failed  0:10 left\nby the way\n"
	if got := out.String(); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
}
