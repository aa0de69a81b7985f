package live

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// However many batches there are, their curve has at most maxPoints points, whose means,
// extremes and places are those of the batches in them.
func TestBatchesAreThinned(t *testing.T) {
	for _, c := range []struct{ batches, points, width int }{
		{0, 0, 0}, {1, 1, 1}, {maxPoints, maxPoints, 1}, {maxPoints + 1, maxPoints/2 + 1, 2},
		{2*maxPoints - 1, maxPoints, 2}, {10 * maxPoints, 10 * maxPoints / 16, 16},
	} {
		var b batchSeries
		for i := range c.batches {
			b.add(nn.Stats{Samples: 2, LossSum: 2 * float64(i), Weight: 2, Correct: i % 3}, float64(i))
		}
		v := b.view()
		if len(v.Loss) != c.points || v.Width != c.width {
			t.Errorf("%d batches: %d points of %d steps, want %d of %d", c.batches, len(v.Loss), v.Width, c.points, c.width)
			continue
		}
		for i, last := range v.Step {
			first := i * c.width
			if want := float64(first+last-1) / 2; float64(v.Loss[i]) != want || float64(v.Min[i]) != float64(first) || float64(v.Max[i]) != float64(last-1) || float64(v.LR[i]) != float64(last-1) {
				t.Fatalf("%d batches: point %d ends at %d with loss %v from %v to %v and rate %v, want loss %v", c.batches, i, last, v.Loss[i], v.Min[i], v.Max[i], v.LR[i], want)
			}
		}
		if n := len(v.Step); n > 0 && v.Step[n-1] != c.batches {
			t.Errorf("%d batches: the last point is at %d", c.batches, v.Step[n-1])
		}
	}
}

// A range that has become wider keeps old histograms in its bins.
func TestHistogramsOfAWiderRange(t *testing.T) {
	l := &slopeLayer{centre: 0.25, radius: 1. / 16}
	counts := make([]int, slopeBins)
	counts[0], counts[slopeBins/2], counts[slopeBins-1] = 1, 2, 3 // from 0.1875, from 0.25, to 0.3125
	l.past = []pastHistogram{{0, counts}}
	l.reach(-0.1)
	if l.radius != 0.5 {
		t.Fatalf("radius %v", l.radius)
	}
	width := 2 * l.radius / slopeBins
	for value, n := range map[float64]int{0.1876: 1, 0.2501: 2, 0.3124: 3} {
		if got := l.past[0].Counts[int((value-(l.centre-l.radius))/width)]; got != n {
			t.Errorf("%v of %d values at %v: %v", got, n, value, l.past[0].Counts)
		}
	}
}

func TestNumbersInJSON(t *testing.T) {
	text, err := json.Marshal([]number{0, 0.1, 1e-9, -12345678, number(math.NaN()), number(math.Inf(1)), number(math.Inf(-1))})
	if want := "[0,0.1,1e-09,-1.23457e+07,null,null,null]"; err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
}

// The page runs only the script and style of its policy, and leads nowhere.
func TestPage(t *testing.T) {
	text := string(thePage())
	for _, c := range []struct{ name, want string }{{"style", hashOf(style)}, {"script", hashOf(script)}} {
		_, rest, _ := strings.Cut(text, "<"+c.name+">")
		inside, _, _ := strings.Cut(rest, "</"+c.name+">")
		if hashOf(inside) != c.want || !strings.Contains(policy, c.want) || strings.Count(text, "<"+c.name) != 1 {
			t.Errorf("the %s of the page is not that of its policy", c.name)
		}
	}
	text = strings.ReplaceAll(text, `"http://www.w3.org/2000/svg"`, "")
	for _, bad := range []string{"http:", "https:", "<a", "<img", "href=\"/", " style=", " onclick", " onload", " onerror", "innerHTML", "eval("} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if !slices.Contains(strings.Split(policy, "; "), "default-src 'none'") {
		t.Errorf("policy %s", policy)
	}
}
