package comparepage

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// functions are those that the template calls.
var functions = template.FuncMap{
	"sci": sci, "short": short, "number": number, "at": indexText, "count": count, "relative": relative, "class": classOf, "height": height,
}

// decadeNames name the bins of an error relative to the scale.
var decadeNames = [len(decades)]string{"<10⁻⁹", "10⁻⁹", "10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "0.1", "≥1"}

func decadeClass(k int) string { return fmt.Sprintf("e%d", k) }

// classOf is the class with an error's colour.
func classOf(e float64) string { return decadeClass(decadeOf(e)) }

// height is where an error stands in a chart of decades, in percent.
func height(e float64) int { return int(math.Round(10 * depth(e))) }

// sci writes an error with two digits.
func sci(e any) string {
	v := float(e)
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1e", v)
}

// short writes a value with three digits.
func short(e any) string { return fmt.Sprintf("%.3g", float(e)) }

// number writes a value as float32 has it.
func number(e any) string { return fmt.Sprintf("%.9g", float(e)) }

func float(e any) float64 {
	switch v := e.(type) {
	case parity.Number:
		return float64(v)
	case *parity.Number:
		return float64(*v)
	case float64:
		return v
	}
	return math.NaN()
}

// relative is the largest error relative to the scale.
func relative(r parity.Result) float64 {
	if r.MaxError == 0 {
		return 0
	}
	return float64(r.MaxError / r.Scale)
}

func indexText(at []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(at), " ", ", "), "[]")
}

// count writes a number of elements in at most four characters.
func count(n int) string {
	for _, unit := range []string{"", "k", "M", "G"} {
		if n < 1000 {
			return fmt.Sprint(n) + unit
		}
		n = (n + 500) / 1000
	}
	return "many"
}

func seconds(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "under 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
