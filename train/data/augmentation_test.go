package data

import (
	"testing"
)

func TestAugmentationIsSpelledInOneWay(t *testing.T) {
	for list, want := range map[string]string{
		"":                           "",
		"none":                       "",
		"shift:2":                    "shift:2",
		"crop:4,flip":                "crop:4,flip",
		"flip:0.5,invert:0.50":       "flip,invert",
		"shift:02,flip:1,noise:5e-2": "shift:2,flip:1,noise:0.05",
		"noise:0.1,noise:0.1":        "noise:0.1,noise:0.1",
	} {
		a := must(ParseAugmentation(list))(t)
		if a.String() != want {
			t.Errorf("%q is spelled %q, want %q", list, a, want)
		}
		if again := must(ParseAugmentation(a.String()))(t); again.String() != want {
			t.Errorf("%q read back is %q", want, again)
		}
	}
}

func TestParseAugmentationSaysWhatIsWrong(t *testing.T) {
	for list, want := range map[string]string{
		"blur":              `unknown change "blur": choose one or more of shift, crop, flip, noise, invert`,
		"flip,":             `unknown change ""`,
		" flip":             `unknown change " flip"`,
		"shift":             "shift: shift needs its n, a whole number of pixels",
		"shift:":            "shift:: shift needs its n",
		"crop:0":            "crop:0: crop needs its n, a whole number of pixels, 1 or more",
		"shift:1.5":         "a whole number of pixels",
		"shift:-1":          "a whole number of pixels",
		"shift:1e300":       "a whole number of pixels",
		"shift:NaN":         "a whole number of pixels",
		"flip:0":            "flip:0: flip needs its p, a probability above 0, at most 1",
		"flip:1.1":          "a probability",
		"invert:NaN":        "a probability",
		"noise":             "noise: noise needs its s, a finite number above 0",
		"noise:-1":          "a finite number above 0",
		"noise:Inf":         "a finite number above 0",
		"noise:1e300":       "a finite number above 0",
		"noise:1e-300":      "a finite number above 0",
		"flip,noise:x,flip": "noise:x: noise needs",
	} {
		a, err := ParseAugmentation(list)
		if a != nil {
			t.Errorf("%q: changes beside an error", list)
		}
		wantError(t, err, want)
	}
}
