package report

import "github.com/gonn-toolkit/gonn/train/terminal"

// Histogram counts values into equal bins between lo and hi; values outside fall into the
// outermost bins. NaN is not counted.
func Histogram(values []float32, lo, hi float64, bins int) []int {
	counts := make([]int, bins)
	for _, v := range values {
		at := 0.0
		if v != v {
			continue
		}
		if hi > lo {
			at = (float64(v) - lo) / (hi - lo) * float64(bins)
		}
		if at != at { // lo or hi is infinite
			at = 0
		}
		counts[int(min(max(at, 0), float64(bins-1)))]++
	}
	return counts
}

// The heights of bars, from the lowest.
const (
	blocks = "▁▂▃▄▅▆▇█"
	ascii  = ".:-=+*#@"
)

// Bars draws counts as a line of block characters, the highest as a full block. An
// empty bin is a space, so that it differs from a small one.
func Bars(counts []int) string { return bars(counts, []rune(blocks)) }

// ASCIIBars is Bars for what has no block characters: denser letters for higher bars.
func ASCIIBars(counts []int) string { return bars(counts, []rune(ascii)) }

// TerminalBars is Bars, or ASCIIBars if the environment says that the terminal is dumb.
func TerminalBars(counts []int) string {
	if terminal.Dumb() {
		return ASCIIBars(counts)
	}
	return Bars(counts)
}

func bars(counts []int, heights []rune) string {
	top := 1
	for _, c := range counts {
		top = max(top, c)
	}
	line := make([]rune, len(counts))
	for i, c := range counts {
		line[i] = ' '
		if c > 0 {
			line[i] = heights[(c*len(heights)-1)/top]
		}
	}
	return string(line)
}
