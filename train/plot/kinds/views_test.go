package kinds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/train/atomicfile"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/plot"
)

// view is a network and data of 2 classes: bright pictures are of class 1.
type view struct {
	src Source
	set *data.Set
}

// conv1 gives the picture and its negative, so that ReLU leaves half of the maps 0; dense takes a
// bright picture for class 1.
func newView(t *testing.T, channels int) view {
	t.Helper()
	net, err := nn.Sequential(nn.Shape{channels, 6, 6}, layer.Conv{Out: 2, Kernel: [2]int{1, 1}, NoBias: true}, activation.Must("relu"),
		layer.Flatten{}, layer.Dense{Out: 2})
	if err != nil {
		t.Fatal(err)
	}
	net.Param("conv.weight").Data[0], net.Param("conv.weight").Data[channels] = 1, -1
	for i := range 36 {
		net.Param("dense.weight").Data[72+i] = 1
	}
	net.Param("dense.bias").Data[0] = 18
	file, err := onnxio.Encode(net, onnxio.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bright.onnx")
	if err := atomicfile.Write(path, file); err != nil {
		t.Fatal(err)
	}
	sources, err := Open(Models, path)
	if err != nil {
		t.Fatal(err)
	}
	return view{sources[0], brightSet(t, channels)}
}

// brightSet has pictures of one grey: of 10, 50, … for training and testing, the last one with a
// wrong label.
func brightSet(t *testing.T, channels int) *data.Set {
	t.Helper()
	var pixels []byte
	var labels []int
	for i := range 6 {
		grey := byte(10 + 40*i)
		pixels = append(pixels, bytes.Repeat([]byte{grey}, 36*channels)...)
		labels = append(labels, int(grey)/128)
	}
	labels[5] = 0
	img, err := data.NewImages(nn.Shape{channels, 6, 6}, pixels, labels, 2)
	if err != nil {
		t.Fatal(err)
	}
	set, err := data.NewSet("greys", img, img)
	if err != nil {
		t.Fatal(err)
	}
	set.ClassNames = data.ClassNames{"dark", "bright"}
	return set
}

func (v view) input(options ...string) *Input {
	in := &Input{Sources: []Source{v.src}, Data: v.set, Options: map[string]string{}}
	for i := 0; i < len(options); i += 2 {
		in.Options[options[i]] = options[i+1]
	}
	return in
}

// titles are those of the panels, with a bar between them.
func titles(f *plot.Figure) string {
	var all []string
	for _, p := range f.Panels {
		if p == nil {
			all = append(all, "")
		} else {
			all = append(all, p.Title)
		}
	}
	return strings.ReplaceAll(strings.Join(all, "|"), "\n", "/")
}

func TestViews(t *testing.T) {
	grey, colour := newView(t, 1), newView(t, 3)
	line := grey.input("test-set", "true")
	line.Sources = append(line.Sources, Source{Name: "the same", Model: grey.src.Model})
	for _, c := range []struct {
		kind   string
		in     *Input
		titles string
		says   string // in title and note
	}{
		{"filters", grey.input(), "", "2 of 1×1"},
		{"filters", colour.input("layer", "conv"), "", "as red, green and blue: grey is 0, full brightness 1, black −1"},
		{"maps", grey.input("sample", "5"), "sample 5||conv, 2×6×6, ±0.82|act (relu), 2×6×6, ±0.82, 1 are 0", "Maps of bright.onnx"},
		{"maps", colour.input("sample", "5,1", "layer", "dense"), "sample 5|sample 1|dense, 2, ±30|dense, 2, ±30", "alike in all columns"},
		{"saliency", grey.input(), "0 → 0 (1.00)|gradient of: 0|Grad-CAM of: 0 is 0|1 → 1 (0.59)|gradient of: 1|Grad-CAM of: 1", "Grad-CAM at conv"},
		{"saliency", colour.input("sample", "0", "class", "1", "smooth", "2"), "0 → 0 (1.00)|gradient of: 1|Grad-CAM of: 1", "SmoothGrad (2 copies)"},
		{"confusion", grey.input(), "", "accuracy 83.33 %"},
		{"mistakes", colour.input("count", "3"), "5: dark → bright (1.00)", "1 of 6 samples are taken for another class"},
		{"landscape", grey.input("grid", "3", "span", "0.5"), "bright.onnx", "mean loss over 6 samples of the training set of greys"},
		{"landscape", grey.input("grid", "4", "surface", "true", "seed", "2"), "bright.onnx", "(seed 2)"},
		{"interpolation", line, "loss|accuracy", "over 6 samples of the test set of greys"},
	} {
		t.Run(c.kind, func(t *testing.T) {
			k, err := Find(c.kind)
			if err != nil {
				t.Fatal(err)
			}
			f, err := k.Draw(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := titles(f); got != c.titles || !strings.Contains(f.Title+f.Note, c.says) {
				t.Errorf("panels %q, title %q, note %q; want %q and %q", got, f.Title, f.Note, c.titles, c.says)
			}
			f.Width = plot.MinWidth
			one, err := f.PNG(plot.Light)
			if err != nil {
				t.Fatal(err)
			}
			c.in.Workers = 2
			if f, err = k.Draw(c.in); err != nil {
				t.Fatal(err)
			}
			f.Width = plot.MinWidth
			if two, err := f.PNG(plot.Light); err != nil || !bytes.Equal(one, two) {
				t.Errorf("with 2 workers the picture is another one (%v)", err)
			}
		})
	}
}

func TestViewsRefuse(t *testing.T) {
	v := newView(t, 1)
	both := v.input()
	both.Sources = append(both.Sources, v.src)
	right := v.input()
	right.Data = right.Data.Limit(5)
	other := v.input()
	other.Data = brightSet(t, 3)
	stopped, stop := context.WithCancelCause(context.Background())
	stop(errors.New("time is over"))
	late := v.input()
	late.Context = stopped
	for _, c := range []struct {
		kind string
		in   *Input
		says string
	}{
		{"landscape", late, "bright.onnx: time is over"},
		{"landscape", v.input("grid", "2"), "--grid 2: give a whole number from 3 to 201"},
		{"landscape", v.input("span", "-1"), "--span -1: give a number above 0"},
		{"landscape", other, "the network takes samples of shape (1, 6, 6), those of greys have (3, 6, 6)"},
		{"interpolation", v.input(), "two or more models of the same layers, got 1"},
		{"filters", v.input("layer", "act"), "--layer act is no convolution: choose one of conv"},
		{"filters", v.input("layer", "x"), "--layer x: the network has no such layer: choose one of its convolutions conv"},
		{"confusion", both, "confusion takes one run or model, got 2"},
		{"maps", v.input("layer", "conv,x"), "--layer x: the network has no such layer: choose from conv, act, flatten, dense"},
		{"maps", v.input("sample", "6"), "--sample 6: the test set of greys has samples 0 to 5"},
		{"maps", v.input("sample", "0,1,2,3,4,5,0"), "7 samples: choose at most 6"},
		{"saliency", v.input("layer", "dense"), "--layer dense: saliency: layer \"dense\" gives (2) numbers"},
		{"saliency", v.input("class", "2"), "--class 2: the network has classes 0 to 1"},
		{"mistakes", v.input("count", "0"), "--count 0: give a whole number"},
		{"mistakes", right, "takes every sample of the test set of greys for its class"},
		{"confusion", other, "the network takes samples of shape (1, 6, 6), those of greys have (3, 6, 6)"},
	} {
		k, err := Find(c.kind)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = k.Draw(c.in); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one with %q", c.kind, err, c.says)
		} else if usage := errors.As(err, new(UsageError)); usage != (c.in != right && c.in != other && c.in != late) {
			t.Errorf("%s: %v: usage error is %v", c.kind, err, usage)
		}
	}
}

func TestFirstGroupsAreOfDifferentClasses(t *testing.T) {
	img, ok := brightSet(t, 1).Test.(*data.Images)
	if !ok {
		t.Fatal("no images")
	}
	for _, c := range []struct {
		set   nn.Samples
		count int
		want  string
	}{{img, 1, "[0]"}, {img, 2, "[0 3]"}, {img, 9, "[0 3]"}, {data.Inverted(img), 1, "[0 6]"}, {data.Inverted(img), 4, "[0 6 3 9]"}} {
		if got := fmt.Sprint(firstGroups(c.set, c.count)); got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.count, c.set.Len(), got, c.want)
		}
	}
}

func TestConfusionLeavesOutClassesThatAreNotThere(t *testing.T) {
	if got := fmt.Sprint(classesSeen([][]int{{3, 0, 0}, {0, 0, 0}, {1, 0, 0}})); got != "[0 2]" {
		t.Errorf("classes %s, want [0 2]", got)
	}
	if got := fmt.Sprint(classesSeen([][]int{{0, 0}, {0, 0}})); got != "[0 1]" {
		t.Errorf("of no samples classes %s, want all", got)
	}
}

func TestSharesOfTheTrueClass(t *testing.T) {
	share, most := shares([][]int{{3, 0, 1}, {0, 0, 0}, {1, 0, 1}}, []int{0, 2})
	if got := fmt.Sprint(share, most); got != "[[0.75 0.25] [0.5 0.5]] 0.5" {
		t.Errorf("shares %s", got)
	}
	if _, most := shares([][]int{{3, 0}, {0, 0}}, []int{0, 1}); most != 1 {
		t.Errorf("without mistakes the colours end at %g, want 1", most)
	}
}

func TestTitlesGetTwoLinesWhereTheyAreTooLong(t *testing.T) {
	long := []string{"12: automobile → aeroplane (0.5)", "Grad-CAM of: aeroplane", "seven"}
	inLines(long, 6)
	if got := strings.Join(long, "|"); got != "12: automobile\n→ aeroplane (0.5)|Grad-CAM of:\naeroplane|seven" {
		t.Errorf("titles %q", got)
	}
	short := []string{"7 → 1 (0.5)"}
	if inLines(short, 6); short[0] != "7 → 1 (0.5)" {
		t.Errorf("title %q", short[0])
	}
}

// Of a deep network some layers are drawn, the first and the last among them.
func TestLayersOfADeepNetwork(t *testing.T) {
	b := nn.NewBuilder(nn.Shape{1, 4, 4})
	for i := range 20 {
		b = b.Add(fmt.Sprintf("conv%d", i), layer.Conv{Out: 1, Kernel: [2]int{1, 1}}).Add(fmt.Sprintf("act%d", i), activation.Must("relu"))
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	names, left, err := layersAsked(net, nil)
	if err != nil || len(names) != maxLayers || left != 40-maxLayers || names[0] != "conv0" || names[len(names)-1] != "act19" {
		t.Errorf("%v and %d more, error %v", names, left, err)
	}
	if slices.Sort(names); len(slices.Compact(names)) != maxLayers {
		t.Errorf("a layer is there twice: %v", names)
	}
	if names, left, err = layersAsked(net, []string{"act3"}); err != nil || len(names) != 1 || left != 0 {
		t.Errorf("asked for one: %v and %d more, error %v", names, left, err)
	}
}
