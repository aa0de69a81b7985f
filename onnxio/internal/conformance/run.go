package conformance

import (
	"os"
	"strings"
	"testing"
)

// Folder is the environment variable that names the folder of the cases.
const Folder = "GONN_ONNX_CASES"

// Count says what became of the cases of a suite.
type Count struct{ Passed, Unsupported, Failed int }

// Test runs all cases of the folder that GONN_ONNX_CASES names, against the list of those
// that are not supported. It logs the counts of every suite and returns them.
func Test(t *testing.T, b Backend, unsupported string) map[string]Count {
	root := os.Getenv(Folder)
	if root == "" {
		t.Skipf("%s names no folder of ONNX's cases (testdata/ref/conformance_cases.py writes one)", Folder)
	}
	cases, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	list, err := parse(unsupported)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]Count{}
	var suites []string
	for _, c := range cases {
		n, seen := counts[c.Suite]
		if !seen {
			suites = append(suites, c.Suite)
		}
		err := c.Check(b)
		switch complaint := list.judge(c.ID(), err); {
		case complaint != "":
			t.Errorf("%s: %s", c.ID(), complaint)
			n.Failed++
		case err != nil:
			n.Unsupported++
		default:
			n.Passed++
		}
		counts[c.Suite] = n
	}
	for _, pattern := range list.unused() {
		t.Errorf("the list of unsupported cases has %q, which no case fits", pattern)
	}
	for _, s := range suites {
		n := counts[s]
		t.Logf("%-18s %4d passed, %4d unsupported, %d failed", s+":", n.Passed, n.Unsupported, n.Failed)
	}
	return counts
}

// firstLine shortens an error that lists many nodes.
func firstLine(err error) string {
	line, rest, _ := strings.Cut(err.Error(), "\n")
	if rest != "" {
		line += " …"
	}
	return line
}
