package sweep

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// lists are the settings of text in whose values a comma has no meaning.
var lists = []string{"act", "optimizer", "semantics", "init", "kink", "loss", "resize"}

// Split gives the values of a text in which commas may stand between several:
//
//	0.001,0.0003              two learning rates
//	relu,prelu:channel,mish   three activations
//	leaky:-1,-0.5,0,prelu     four: leaky:-1, leaky:-0.5, leaky:0 and prelu
//
// A part that begins with no letter is another argument of the name before it. Settings in whose
// values commas have a meaning (augment, class_weights, metrics, normalize, schedule, warmup) and those that
// may be paths (net, data) have one value in a text. An error is a *recipe.SettingError.
func Split(setting, text string) ([]string, error) {
	v := field(&run.Settings{}, setting)
	if v.IsValid() && v.Kind() == reflect.String && !slices.Contains(lists, setting) {
		value, err := spelled(setting, text)
		return []string{value}, err
	}
	var values []string
	stem := ""
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" && strings.Contains(text, ",") {
			return nil, &recipe.SettingError{Setting: setting, Value: text, Err: errors.New("a value is missing beside a comma")}
		}
		if v.IsValid() && v.Kind() == reflect.String && !beginsWithLetter(part) {
			part = stem + part
		}
		stem = part[:strings.LastIndex(part, ":")+1]
		value, err := spelled(setting, part)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

func beginsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// maxCells is the largest number of cells of a grid.
const maxCells = 10000

// ParseSeeds reads seeds: "10" for those from 1 to 10, "3,7,9" for these, "11-20" for a range,
// and "1-5,9". They come in ascending order.
func ParseSeeds(text string) ([]uint64, error) {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil && n > 0 {
		return seedRange(1, n)
	} else if err == nil {
		return nil, errors.New("need at least one: N is for the seeds 1 to N, and 0-2 for those from 0 to 2")
	}
	var seeds []uint64
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.ParseUint(from, 10, 64)
		last, err2 := strconv.ParseUint(to, 10, 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%q is no seed: need a number N for the seeds 1 to N, a list like 3,7,9 or a range like 11-20", part)
		}
		more, err := seedRange(first, last)
		if err != nil {
			return nil, err
		}
		seeds = append(seeds, more...)
	}
	slices.Sort(seeds)
	for i := range seeds[1:] {
		if seeds[i] == seeds[i+1] {
			return nil, fmt.Errorf("seed %d is there twice", seeds[i])
		}
	}
	return seeds, nil
}

func seedRange(first, last uint64) (seeds []uint64, err error) {
	switch {
	case last < first:
		return nil, fmt.Errorf("no seed from %d to %d", first, last)
	case last-first >= maxCells || last == math.MaxUint64:
		return nil, fmt.Errorf("the seeds from %d to %d are more than %d", first, last, maxCells)
	}
	for s := first; s <= last; s++ {
		seeds = append(seeds, s)
	}
	return seeds, nil
}
