package report_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train/report"
)

func ExampleSlopesOf() {
	net, err := nn.Sequential(nn.Shape{4}, layer.Dense{Out: 4}, activation.Must("prelu:element"),
		layer.Dense{Out: 2}, activation.Must("mish"))
	if err != nil {
		fmt.Println(err)
		return
	}
	copy(net.Param("act1.alpha").Data, []float32{-1, 0, 0, 3})
	for _, s := range report.SlopesOf(net) {
		fmt.Printf("%s %s:%s mean %g, std %g, from %g to %g, %g%% below 0\n",
			s.Layer, s.Kind, s.Sharing, s.Mean, s.Std, s.Min, s.Max, 100*s.Below)
		fmt.Println(report.Histogram(s.Values, -1, 3, 4))
	}
	// Output:
	// act1 prelu:element mean 0.5, std 1.5, from -1 to 3, 25% below 0
	// [1 2 0 1]
}

func TestHistogram(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		values []float32
		lo, hi float64
		want   []int
	}{
		{nil, 0, 1, []int{0, 0}},
		{[]float32{0, 0.49, 0.5, 1}, 0, 1, []int{2, 2}},
		{[]float32{-7, -math.MaxFloat32, 8, math.MaxFloat32, math.MaxFloat32}, 0, 1, []int{2, 3}},
		{[]float32{2, 2}, 2, 2, []int{2, 0}}, // all equal
		{[]float32{nan, 1, inf, -inf}, 0, 1, []int{1, 2}},
		{[]float32{nan, 1, inf, -inf}, math.Inf(-1), math.Inf(1), []int{3, 0}},
		{[]float32{nan}, math.NaN(), math.NaN(), []int{0, 0}},
	} {
		if got := report.Histogram(c.values, c.lo, c.hi, 2); !slices.Equal(got, c.want) {
			t.Errorf("%v from %g to %g: %v, want %v", c.values, c.lo, c.hi, got, c.want)
		}
	}
}

func TestBars(t *testing.T) {
	for _, c := range []struct {
		counts       []int
		blocks, text string
	}{
		{[]int{0, 0}, "  ", "  "},
		{[]int{0, 1, 1000}, " ▁█", " .@"},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8}, "▁▂▃▄▅▆▇█", ".:-=+*#@"},
		{[]int{5}, "█", "@"},
		{nil, "", ""},
	} {
		if got := report.Bars(c.counts); got != c.blocks {
			t.Errorf("%v: %q, want %q", c.counts, got, c.blocks)
		}
		for term, want := range map[string]string{"dumb": c.text, "xterm": c.blocks} {
			t.Setenv("TERM", term)
			t.Setenv("NO_COLOR", "1") // blocks are text
			if got := report.TerminalBars(c.counts); got != want {
				t.Errorf("TERM=%s: %v: %q, want %q", term, c.counts, got, want)
			}
		}
	}
}
