package data

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// NormOf is the normalisation that gives the pixels of each channel of a set mean 0
// and deviation 1. Its numbers are rounded to float32, in which they are applied. A
// channel of one value is divided by 1.
func NormOf(s nn.Samples) (Norm, error) {
	mean, std, err := Moments(s)
	if err != nil {
		return Norm{}, err
	}
	var n Norm
	for c := range mean {
		if std[c] == 0 {
			std[c] = 1
		}
		n.Mean, n.Std = append(n.Mean, shortest(mean[c])), append(n.Std, shortest(std[c]))
	}
	return n, nil
}

// shortest is the shortest decimal that is v in float32.
func shortest(v float64) float64 {
	d, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64)
	if err != nil {
		return v
	}
	return d
}

// ParseNorm reads a normalisation as the command line spells it: MEAN:STD or
// MEAN:STD:SCALE, the first two one number or one for each channel, as in
// 0.1307:0.3081 and 0.485,0.456,0.406:0.229,0.224,0.225.
func ParseNorm(spec string) (n Norm, err error) {
	parts := strings.Split(spec, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return n, fmt.Errorf("%q: need MEAN:STD, as in 0.1307:0.3081 or 0.485,0.456,0.406:0.229,0.224,0.225", spec)
	}
	if n.Mean, err = parseNumbers(parts[0]); err != nil {
		return Norm{}, fmt.Errorf("mean: %w", err)
	}
	if n.Std, err = parseNumbers(parts[1]); err != nil {
		return Norm{}, fmt.Errorf("std: %w", err)
	}
	if len(parts) == 3 {
		if n.Scale, err = strconv.ParseFloat(parts[2], 64); err != nil || n.Scale == 0 {
			return Norm{}, fmt.Errorf("scale: %q is not a number other than 0", parts[2])
		}
	}
	return n, nil
}

func parseNumbers(list string) (v []float64, err error) {
	for part := range strings.SplitSeq(list, ",") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", part)
		}
		v = append(v, x)
	}
	return v, nil
}

// String spells the normalisation as ParseNorm reads it.
func (n Norm) String() string {
	list := func(v []float64, def string) string {
		if len(v) == 0 {
			return def
		}
		var parts []string
		for _, x := range v {
			parts = append(parts, strconv.FormatFloat(x, 'g', -1, 64))
		}
		return strings.Join(parts, ",")
	}
	spec := list(n.Mean, "0") + ":" + list(n.Std, "1")
	if n.Scale != 0 {
		spec += ":" + strconv.FormatFloat(n.Scale, 'g', -1, 64)
	}
	return spec
}
