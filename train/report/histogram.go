package report

// Histogram counts values into equal bins between lo and hi; finite values outside
// fall into the outermost bins.
func Histogram(values []float32, lo, hi float64, bins int) []int {
	counts := make([]int, bins)
	for _, v := range values {
		at := 0.0
		if hi > lo {
			at = (float64(v) - lo) / (hi - lo) * float64(bins)
		}
		counts[int(min(max(at, 0), float64(bins-1)))]++
	}
	return counts
}

// Bars draws counts as a line of block characters, the highest as a full block. An
// empty bin is a space, so that it differs from a small one.
func Bars(counts []int) string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	top := 1
	for _, c := range counts {
		top = max(top, c)
	}
	line := make([]rune, len(counts))
	for i, c := range counts {
		line[i] = ' '
		if c > 0 {
			line[i] = blocks[(c*len(blocks)-1)/top]
		}
	}
	return string(line)
}
