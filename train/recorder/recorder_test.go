package recorder_test

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/recorder"
)

func TestScriptIsWhole(t *testing.T) {
	for _, framework := range recorder.Frameworks {
		b, err := recorder.Script(framework)
		if err != nil {
			t.Fatal(err)
		}
		script := string(b)
		for _, word := range []string{"class Recorder:", "def verify_step(", "def optimizer_step(", "class Replayer:", "def study(args):", "def main():", "`gonn record " + framework + "`"} {
			if strings.Count(script, word) != 1 {
				t.Errorf("%s: %q occurs %d times, want once", framework, word, strings.Count(script, word))
			}
		}
		head, _, _ := strings.Cut(script, "import argparse")
		for _, left := range []string{"FRAMEWORK", "REQUIREMENTS"} {
			if strings.Contains(head, left) {
				t.Errorf("%s: %s is not filled in", framework, left)
			}
		}
		if strings.Contains(script, "\t") {
			t.Errorf("%s: a tab", framework)
		}
	}
	if _, err := recorder.Script("caffe"); err == nil || !strings.Contains(err.Error(), "choose pytorch or keras") {
		t.Errorf("an unknown framework: %v", err)
	}
}
