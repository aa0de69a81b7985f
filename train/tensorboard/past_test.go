package tensorboard

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

// A training of the past has the events that Logger writes, but for pictures of the data, and
// histograms of epochs whose parameters are gone. Its times are those of the epochs.
func TestPastHasTheEventsOfItsTime(t *testing.T) {
	dir := t.TempDir()
	kept := &saver{}
	h := fit(t, dir, study(t), train.Position{}, nil, kept)
	start := time.Unix(1700000000, 0)
	p := &Past{
		About:   About{Hparams: []Hparam{{"batch", 32}}, History: h.Epochs},
		Network: kept.nets[2], Epoch: 3, Start: start,
		Results: []train.Value{{Name: "result/test_loss", Value: 0.5}},
	}
	b, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var events []event
	for _, r := range records(t, b) {
		events = append(events, readEvent(t, r))
	}
	want := slices.DeleteFunc(occurrences(readEvents(t, dir)), func(s string) bool {
		return strings.HasPrefix(s, "gradients/") || s == "data/train at 0" ||
			strings.Contains(s, ".") && !strings.HasSuffix(s, " at 3") || strings.HasPrefix(s, "filters/") && s != "filters/conv at 3"
	})
	if got := occurrences(events); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	seconds := 1700000000.0
	for _, e := range events {
		if e.tag == "seconds" {
			seconds += float64(e.scalar)
			if d := e.time - seconds; d > 1e-3 || d < -1e-3 {
				t.Errorf("epoch %d at %f, want %f", e.step, e.time, seconds)
			}
		}
	}
	again, err := p.Encode()
	if err != nil || string(again) != string(b) || p.Name() != "events.out.tfevents.1700000000.gonn" {
		t.Errorf("%s has other bytes each time (%v)", p.Name(), err)
	}
}

func TestTag(t *testing.T) {
	for series, want := range map[string]string{
		"loss": "loss/train", "val_loss": "loss/val", "accuracy": "accuracy/train", "val_top5": "top5/val",
		"lr": "lr", "slopes/act1/mean": "slopes/act1/mean", "grad_norm/conv1.weight": "grad_norm/conv1.weight",
	} {
		if got := Tag(series); got != want {
			t.Errorf("%s is %s, want %s", series, got, want)
		}
	}
}

func TestHistogramLeavesOutWhatIsNoNumber(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	h := histogramOf([]float32{nan, 1, inf, 3})
	if h.num != 2 || h.min != 1 || h.max != 3 || h.counts[0] != 1 || h.counts[Buckets-1] != 1 {
		t.Errorf("%+v", h)
	}
	w := &Writer{now: time.Now}
	if w.Histogram("a", 1, []float32{nan}); len(w.buf) != 0 {
		t.Errorf("%q is written of nothing", w.buf)
	}
}

// A string that is not UTF-8 would make readers refuse the event.
func TestStringsAreUTF8(t *testing.T) {
	w := &Writer{now: time.Now}
	w.Scalar("a\xff", 1, 1)
	w.Text("text", 1, "b\xff")
	w.Hparams([]Hparam{{"c\xff", "d\xff"}})
	if bytes.Count(w.buf, []byte("\ufffd")) != 4 {
		t.Errorf("%q", w.buf)
	}
}

// Names of layers as other exporters give them become names of TensorFlow, which differ.
func TestNodeNames(t *testing.T) {
	for name, want := range map[string]string{
		"conv1": "conv1", "/features/0/Conv": "features/0/Conv", "a:0": "a_0", "^x": "._x", "": ".", "größe": "gr__e", "//": ".",
	} {
		if got := cleanName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestPicturesOfMaps(t *testing.T) {
	p := &nn.Param{ParamSpec: nn.ParamSpec{Name: "alpha", Role: nn.Slope, Shape: nn.Shape{2, 1, 3}}, Data: []float32{-1, 0, 1, 0.5, 0, 0}}
	img := slopeMaps(p)
	r := img.Bounds()
	if r.Dx() != 2*(3*16+2)+2 || r.Dy() != 16+2*2 {
		t.Fatalf("bounds %v", r)
	}
	red := func(x int) bool { r, _, b, _ := img.At(x, 10).RGBA(); return r > b }
	blue := func(x int) bool { r, _, b, _ := img.At(x, 10).RGBA(); return b > r }
	if !blue(2+8) || !red(2+40) || !red(2+50+8) {
		t.Error("values below 0 are blue, those above it red")
	}
	if r, g, b, _ := img.At(2+50+24, 10).RGBA(); max(r, g, b)-min(r, g, b) > 1<<11 {
		t.Errorf("0 is not grey: %d %d %d", r, g, b)
	}
	before := img.At(2+50+8, 10)
	p.Data[0], p.Data[1] = float32(math.NaN()), float32(math.Inf(1)) // take the colour of 0, and no other's
	if img := slopeMaps(p); img.At(2+50+8, 10) != before || img.At(2+8, 10) != img.At(2+50+24, 10) || img.At(2+24, 10) != img.At(2+50+24, 10) {
		t.Error("a number that is not finite changes the others, or has a colour of its own")
	}
	p.Shape, p.Data = nn.Shape{300, 1, 700}, make([]float32, 300*700)
	if r := slopeMaps(p).Bounds(); r.Dx() != 2*702+2 || r.Dy() != 16*3+2 {
		t.Errorf("large maps are drawn in %v", r)
	}
	for _, shape := range []nn.Shape{{6}, {6, 1, 1}} {
		if p.Shape = shape; slopeMaps(p) != nil {
			t.Errorf("slopes of shape %v are no maps", shape)
		}
	}
}
