package tensorboard

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/internal/toy"
)

// event is what the tests look at of one.
type event struct {
	time    float64
	step    int64
	tag     string // "graph", "session" or "version" of those without one
	scalar  float32
	content []byte // of a histogram or a picture
}

// readEvents reads all event files of a folder.
func readEvents(t *testing.T, dir string) (list []event) {
	t.Helper()
	names, err := eventFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records(t, b) {
			list = append(list, readEvent(t, r))
		}
	}
	return list
}

func readEvent(t *testing.T, record []byte) (e event) {
	ok := fields(record, func(num fieldNumber, number uint64, content []byte) bool {
		switch num {
		case eventTime: // which is the first field
			e.time = math.Float64frombits(binary.LittleEndian.Uint64(record[1:]))
		case eventStep:
			e.step = int64(number)
		case eventVersion:
			e.tag = "version"
		case eventGraph:
			e.tag = "graph"
		case eventSessionLog:
			e.tag = "session"
		case eventSummary:
			parsed, _ := parseEvent(record)
			e.tag = parsed.tag
			return fields(content, func(_ fieldNumber, _ uint64, value []byte) bool {
				e.content = value
				if i := len(value) - 5; i >= 0 && value[i] == valueScalar<<3|5 {
					e.scalar = math.Float32frombits(binary.LittleEndian.Uint32(value[i+1:]))
				}
				return true
			})
		}
		return true
	})
	if !ok {
		t.Fatalf("%q is no event", record)
	}
	return e
}

// occurrences are the tags with their steps, in ascending order, as often as they are there, but
// for what each file has of its own.
func occurrences(events []event) (list []string) {
	for _, e := range events {
		if e.tag != "version" && e.tag != "session" {
			list = append(list, fmt.Sprintf("%s at %d", e.tag, e.step))
		}
	}
	slices.Sort(list)
	return list
}

// saver keeps the parameters and the position after each epoch, as checkpoints do.
type saver struct {
	train.Base
	nets      []*nn.Network
	positions []train.Position
	stop      train.Position // where training is to stop
}

func (s *saver) EpochEnd(st *train.State) error {
	s.nets, s.positions = append(s.nets, st.Network.Clone()), append(s.positions, st.Position)
	return nil
}

func (s *saver) BatchEnd(st *train.State) error {
	if st.Position.Epoch == s.stop.Epoch && st.Position.Step == s.stop.Step {
		st.Stop("for the test")
	}
	return nil
}

// study is a small network with an activation of each kind of slopes.
func study(t *testing.T) *nn.Network {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{1, 8, 8},
		layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, activation.Must("prelu"),
		layer.Flatten{}, layer.Dense{Out: toy.Classes})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	return net
}

// fit trains for 3 epochs of 4 steps on 100 samples, from a position.
func fit(t *testing.T, dir string, net *nn.Network, start train.Position, history []train.EpochMetrics, s *saver) *train.History {
	t.Helper()
	opt, err := optim.New(optim.Config{Name: "adam", LR: 0.01}, net.Params())
	if err != nil {
		t.Fatal(err)
	}
	samples := toy.Samples(100, 1)
	l := &Logger{Dir: dir, Every: 2, About: About{Hparams: []Hparam{{"batch", 32}}, Samples: samples, History: history}}
	h, err := train.Fit(net, samples, train.Config{
		Loss: loss.CrossEntropy{}, Optimizer: opt, Epochs: 3, Batch: 32, Seed: 7, Workers: 2, Validation: toy.Samples(50, 2),
		Callbacks: []train.Callback{l, s}, Start: start,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Result(h.Position.Epoch, []train.Value{{Name: "result/test_loss", Value: 0.5}}); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestLoggerWritesTheCourseOfATraining(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "first")
	h := fit(t, dir, study(t), train.Position{}, nil, &saver{})
	events := readEvents(t, dir)
	got := occurrences(events)
	var want []string
	add := func(steps []int, tags ...string) {
		for _, tag := range tags {
			for _, step := range steps {
				want = append(want, fmt.Sprintf("%s at %d", tag, step))
			}
		}
	}
	params := []string{"conv.weight", "conv.bias", "dense.weight", "dense.bias"}
	for _, p := range params {
		add([]int{0, 2, 3}, "weights/"+p)
		add([]int{2, 3}, "gradients/"+p)
	}
	add([]int{0, 2, 3}, "slopes/act.alpha", "slope maps/act.alpha", "filters/conv")
	add([]int{2, 3}, "gradients/act.alpha")
	add([]int{1, 2, 3}, "loss/train", "accuracy/train", "loss/val", "accuracy/val", "lr", "seconds", "samples_per_s")
	add([]int{0}, "graph", "settings", "data/train", sessionStartTag)
	add([]int{3}, sessionEndTag, "result/test_loss")
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, e := range events {
		if e.step == 0 {
			continue
		}
		switch m := h.Epochs[e.step-1]; e.tag {
		case "loss/train":
			if e.scalar != float32(m.Loss()) {
				t.Errorf("loss of epoch %d: %v, want %v", e.step, e.scalar, m.Loss())
			}
		case "accuracy/val":
			if e.scalar != float32(m.ValAccuracy()) {
				t.Errorf("accuracy of epoch %d: %v, want %v", e.step, e.scalar, m.ValAccuracy())
			}
		case "slope maps/act.alpha":
			img, err := png.Decode(bytes.NewReader(e.content[bytes.Index(e.content, []byte("\x89PNG")):]))
			if err != nil || img.Bounds().Dx() != 2*(6*8+2)+2 || img.Bounds().Dy() != 2*(6*8+2)+2 {
				t.Errorf("%v of epoch %d: %v", img.Bounds(), e.step, err)
			}
		}
	}
}

// A training that was stopped within an epoch, or killed before, within or after the writing of
// events that its checkpoint does not have, ends with the same events as one in one go.
func TestEachStepIsThereOnce(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole")
	kept := &saver{}
	history := fit(t, whole, study(t), train.Position{}, nil, kept).Epochs
	want := occurrences(readEvents(t, whole))
	names, err := eventFiles(whole)
	if err != nil || len(names) != 1 {
		t.Fatalf("files %q, error %v", names, err)
	}
	file, err := os.ReadFile(filepath.Join(whole, names[0]))
	if err != nil {
		t.Fatal(err)
	}
	check := func(name, dir string) {
		t.Helper()
		if got := occurrences(readEvents(t, dir)); !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}

	dir := t.TempDir()
	net, stopped := study(t), &saver{stop: train.Position{Epoch: 1, Step: 2}}
	h := fit(t, dir, net, train.Position{}, nil, stopped)
	fit(t, dir, net, h.Position, h.Epochs, &saver{})
	check("stopped and resumed", dir)

	for _, size := range []int{len(file), len(file) - 9, len(file) * 9 / 10} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, names[0]), file[:size], 0o666); err != nil {
			t.Fatal(err)
		}
		fit(t, dir, kept.nets[1].Clone(), kept.positions[1], history[:2], &saver{})
		check(fmt.Sprintf("killed after %d of %d bytes", size, len(file)), dir)
	}

	dir = t.TempDir()
	fit(t, dir, kept.nets[2].Clone(), kept.positions[2], history, &saver{})
	for _, e := range readEvents(t, dir) {
		if e.tag == "loss/train" && e.scalar != float32(history[e.step-1].Loss()) {
			t.Errorf("asked for after the training: loss of epoch %d is %v, want %v", e.step, e.scalar, history[e.step-1].Loss())
		}
	}
	if got := occurrences(readEvents(t, dir)); !slices.Contains(got, "loss/train at 1") || !slices.Contains(got, "weights/conv.bias at 3") {
		t.Errorf("asked for after the training: got %q", got)
	}
}
