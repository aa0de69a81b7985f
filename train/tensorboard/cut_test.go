package tensorboard

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

// eventsOf are the records of a file: a description, scalars of epochs, and the end if it is asked
// for.
func eventsOf(epochs []int, end bool) []byte {
	var b bytes.Buffer
	w := NewWriter(&b)
	w.Text("settings", 0, "text")
	for _, epoch := range epochs {
		w.Scalar("loss/train", epoch, 1)
	}
	if end {
		w.End(epochs[len(epochs)-1], Success)
		w.Scalar("result/test_loss", epochs[len(epochs)-1], 1)
	}
	w.Flush()
	return b.Bytes()
}

func TestCutKeepsWhatTheTrainingHasDone(t *testing.T) {
	whole := eventsOf([]int{1, 2, 3}, true)
	two := eventsOf([]int{1, 2}, false)
	damaged := slices.Clone(whole)
	damaged[len(two)+20] ^= 1
	for _, tt := range []struct {
		name string
		file []byte
		at   train.Position
		want []byte // nil: no file
		last int
	}{
		{"at its end", whole, train.Position{Epoch: 3}, eventsOf([]int{1, 2, 3}, false), 3},
		{"before the last epoch", whole, train.Position{Epoch: 2}, two, 2},
		{"within the first epoch", whole, train.Position{Step: 5}, eventsOf(nil, false), 0},
		{"at the beginning", whole, train.Position{}, nil, -1},
		{"beyond its end", two, train.Position{Epoch: 3}, two, 2},
		{"cut off", whole[:len(two)+9], train.Position{Epoch: 3}, two, 2},
		{"damaged", damaged, train.Position{Epoch: 3}, two, 2},
		{"zeros at the end", append(slices.Clone(two), make([]byte, 100)...), train.Position{Epoch: 3}, two, 2},
		{"empty", nil, train.Position{Epoch: 3}, nil, -1},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "events.out.tfevents.1700000000.gonn")
		other := filepath.Join(dir, "events.out.tfevents.1700000000.host.1.v2")
		for _, p := range []string{path, other} {
			if err := os.WriteFile(p, tt.file, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		left, err := cut(dir, tt.at)
		if err != nil || left.last != tt.last {
			t.Errorf("%s: last epoch %d, error %v; want %d", tt.name, left.last, err, tt.last)
		}
		got, err := os.ReadFile(path)
		if !equalButTimes(t, got, tt.want) || (err != nil) != (tt.want == nil) {
			t.Errorf("%s: %d bytes are left (%v), want %d", tt.name, len(got), err, len(tt.want))
		}
		if b, err := os.ReadFile(other); err != nil || !bytes.Equal(b, tt.file) {
			t.Errorf("%s: the file of another program was changed", tt.name)
		}
	}
}

// equalButTimes compares events without their times.
func equalButTimes(t *testing.T, a, b []byte) bool {
	strip := func(b []byte) (list []string) {
		for _, r := range records(t, b) {
			list = append(list, string(r[9:]))
		}
		return list
	}
	return slices.Equal(strip(a), strip(b))
}

func TestFilesOfSessionsStandInTheirOrder(t *testing.T) {
	dir := t.TempDir()
	now := time.Unix(1700000000, 0)
	for _, at := range []time.Time{now, now, now.Add(-time.Hour), now.Add(time.Hour)} {
		f, err := newFile(dir, at)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	want := []string{
		"events.out.tfevents.1700000000.gonn", "events.out.tfevents.1700000001.gonn",
		"events.out.tfevents.1700000002.gonn", "events.out.tfevents.1700003600.gonn",
	}
	if got, err := eventFiles(dir); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q (%v), want %q", got, err, want)
	}
}

// FuzzCut holds that what is kept of any bytes is whole events of epochs that are done, as much as
// stands at the beginning of the file.
func FuzzCut(f *testing.F) {
	whole := eventsOf([]int{1, 2, 3}, true)
	f.Add(whole, 2)
	f.Add(whole[:len(whole)-3], 3)
	f.Add(bytes.Repeat([]byte{0}, 40), 0)
	f.Add(bytes.Replace(whole, []byte("loss"), []byte("\xff\xff\xff\xff"), 1), 1)
	f.Fuzz(func(t *testing.T, b []byte, epoch int) {
		kept, err := scan(bytes.NewReader(b), epoch)
		if err != nil {
			t.Fatal(err)
		}
		size, last := kept.size, kept.last
		if size > int64(len(b)) || last > epoch && last >= 0 {
			t.Fatalf("%d bytes up to epoch %d are kept of %d up to %d", size, last, len(b), epoch)
		}
		for _, r := range records(t, b[:size]) {
			if e, ok := parseEvent(r); !ok || e.step > int64(epoch) || e.tag == sessionEndTag {
				t.Errorf("kept %q", r)
			}
		}
		if again, err := scan(bytes.NewReader(b[:size]), epoch); err != nil || again.size != size || again.last != last || !bytes.Equal(again.settings, kept.settings) {
			t.Errorf("cut again: %+v, before %+v", again, kept)
		}
	})
}
