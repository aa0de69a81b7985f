package tensorboard

import (
	"bytes"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// Events of all kinds have the bytes that TensorBoard's own messages and record writer give them
// (testdata/ref/golden_tensorboard.py).
func TestEventsAreThoseOfTensorBoard(t *testing.T) {
	golden, err := os.ReadFile(filepath.Join("..", "..", "testdata", "golden", "tensorboard.events"))
	if err != nil {
		t.Fatal(err)
	}
	net, err := nn.NewBuilder(nn.Shape{1, 4, 4}).
		Add("/block/conv:1", layer.Conv{Out: 2, Kernel: [2]int{2, 2}, NoBias: true}).
		Add("act", activation.Must("prelu:channel")).
		Add("/act", layer.Flatten{}).
		Add("dense", layer.Dense{Out: 3}).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := &Writer{to: &b, now: func() time.Time { return time.UnixMilli(1700000000250) }}
	w.version()
	w.Graph(net)
	w.Hparams([]Hparam{{"lr", 0.001}, {"batch", 128}, {"act", "prelu"}, {"momentum", 0.0}, {"fast_conv", true}})
	w.Text("settings", 0, "| a | b |")
	w.Scalar("loss/train", 1, 0.125)
	w.Scalar("accuracy/train", 1, 0)
	w.Histogram("weights/conv1.weight", 300, []float32{-1.5, -0.25, 0, 0.1, 0.1, 2, 0.5})
	w.Histogram("slopes/act1.alpha", 300, []float32{0, 0, 0})
	w.png("filters/conv1", 300, image.Pt(3, 2), []byte("\x89PNG\r\n"))
	w.session(301)
	w.End(5, Success)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	ours, theirs := records(t, b.Bytes()), records(t, golden)
	if len(ours) != len(theirs) {
		t.Errorf("%d records, want %d", len(ours), len(theirs))
	}
	for i := range min(len(ours), len(theirs)) {
		if !bytes.Equal(ours[i], theirs[i]) {
			t.Errorf("record %d:\n%q, want\n%q", i, ours[i], theirs[i])
		}
	}
	if !bytes.Equal(b.Bytes(), golden) {
		t.Error("the frames differ")
	}
}

// records are the data of all records of a file.
func records(t *testing.T, b []byte) (list [][]byte) {
	t.Helper()
	r, buf := bytes.NewReader(b), new(bytes.Buffer)
	for {
		data, err := readRecord(r, buf)
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatalf("record %d: %v", len(list), err)
		}
		list = append(list, bytes.Clone(data))
	}
}
