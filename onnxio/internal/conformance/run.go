package conformance

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Folder is the environment variable that names the folder of the cases.
const Folder = "GONN_ONNX_CASES"

// Count says what became of the cases of a suite.
type Count struct{ Passed, Unsupported, Failed int }

// suites are what ONNX has, large one of networks that are.
var suites = []string{"node", "simple", "pytorch-operator", "pytorch-converted", large}

const large = "light"

// Part is some of the cases, which are counted by themselves too.
type Part struct {
	Name string
	Has  func(c Case) bool
}

// Test runs all cases of the folder that GONN_ONNX_CASES names, against the list of those
// that are not supported. It logs the counts of every suite and part and returns them. A
// short test leaves out the suite of large networks.
func Test(t *testing.T, b Backend, unsupported string, parts ...Part) map[string]Count {
	t.Helper()
	root := os.Getenv(Folder)
	if root == "" {
		t.Skipf("%s names no folder of ONNX's cases (testdata/ref/conformance_cases.py writes one)", Folder)
	}
	cases, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	wanted := suites
	if testing.Short() {
		wanted = slices.DeleteFunc(slices.Clone(suites), func(s string) bool { return s == large })
		cases = slices.DeleteFunc(cases, func(c Case) bool { return c.Suite == large })
	}
	list, err := parse(unsupported)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]Count{}
	for i, err := range outcomes(cases, b) {
		c := cases[i]
		complaint := list.judge(c.ID(), err)
		if complaint != "" {
			t.Errorf("%s: %s", c.ID(), complaint)
		}
		counts[c.Suite] = counts[c.Suite].and(complaint, err)
		for _, p := range parts {
			if p.Has(c) {
				counts[p.Name] = counts[p.Name].and(complaint, err)
			}
		}
	}
	if !testing.Short() {
		for _, pattern := range list.unused() {
			t.Errorf("the list of unsupported cases has %q, which no case fits", pattern)
		}
	}
	for _, p := range parts {
		wanted = append(slices.Clone(wanted), p.Name)
	}
	for _, s := range wanted {
		n := counts[s]
		if n == (Count{}) {
			t.Errorf("%s has no cases of %s", root, s)
		}
		t.Logf("%-18s %4d passed, %4d unsupported, %d failed", s+":", n.Passed, n.Unsupported, n.Failed)
	}
	for _, g := range list.groups {
		t.Logf("%4d unsupported: %s", g.count, g.reason)
	}
	return counts
}

// and is a count with one more outcome.
func (n Count) and(complaint string, err error) Count {
	switch {
	case complaint != "":
		n.Failed++
	case err != nil:
		n.Unsupported++
	default:
		n.Passed++
	}
	return n
}

// outcomes checks cases, several at once.
func outcomes(cases []Case, b Backend) []error {
	errs := make([]error, len(cases))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				errs[i] = cases[i].Check(b)
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	workers.Wait()
	return errs
}

// firstLine shortens an error that lists many nodes.
func firstLine(err error) string {
	line, rest, _ := strings.Cut(err.Error(), "\n")
	if rest != "" {
		line += " …"
	}
	return line
}
