package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// pagesDir is where pages are written: a new folder, or that of GONN_PAGES, from which the
// tests of testdata/browser open them.
func pagesDir(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("GONN_PAGES"); dir != "" {
		return dir
	}
	return t.TempDir()
}

// writeRecorded writes a preset as right.onnx, what it gives for a batch, with every layer's
// output, as in.npy and all.npz, and as wrong.onnx the same with the weights of one layer
// turned round.
func writeRecorded(t *testing.T, name, layer string) *nn.Network {
	t.Helper()
	net, err := preset.Build(name, nn.Shape{1, 28, 28}, 10, activation.Must("relu"))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	x := nn.NewTensor(4, 1, 28, 28)
	for i := range x.Data {
		x.Data[i] = float32(i*i%253) / 253
	}
	writeNPY(t, "in.npy", x)
	var names []string
	for _, n := range net.Nodes() {
		names = append(names, n.Name)
	}
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Outputs: names})
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Run(map[string]*nn.Tensor{net.Inputs()[0].Name: x}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var arrays []array
	for _, n := range names {
		arrays = append(arrays, array{n, r.Outputs[n].Shape, r.Outputs[n].Data})
	}
	arrays = append(arrays, array{"logits", r.Outputs[names[len(names)-1]].Shape, r.Outputs[names[len(names)-1]].Data})
	writeNPZ(t, "all.npz", arrays...)
	writeNetwork(t, "right.onnx", net)
	w := net.Param(layer + ".weight").Data
	for i := range len(w) / 2 {
		w[i], w[len(w)-1-i] = w[len(w)-1-i], w[i]
	}
	writeNetwork(t, "wrong.onnx", net)
	return net
}

// suites are what a JUnit file counts, and what is in it.
type suites struct {
	Tests, Failures, Errors, Skipped int
	Time                             float64
	Cases                            []testCase
}

type testCase struct {
	Name    string    `xml:"name,attr"`
	Class   string    `xml:"classname,attr"`
	Failure *struct{} `xml:"failure"`
	Error   *struct{} `xml:"error"`
	Skipped *struct{} `xml:"skipped"`
}

func readJUnit(t *testing.T, path string) (s suites) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Time     float64  `xml:"time,attr"`
		Suites   []struct {
			Cases []testCase `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	s = suites{Tests: doc.Tests, Failures: doc.Failures, Errors: doc.Errors, Skipped: doc.Skipped, Time: doc.Time}
	var found suites
	for _, suite := range doc.Suites {
		s.Cases = append(s.Cases, suite.Cases...)
	}
	for _, c := range s.Cases {
		found.Tests++
		if c.Failure != nil {
			found.Failures++
		}
		if c.Error != nil {
			found.Errors++
		}
		if c.Skipped != nil {
			found.Skipped++
		}
	}
	if found.Tests != s.Tests || found.Failures != s.Failures || found.Errors != s.Errors || found.Skipped != s.Skipped {
		t.Errorf("%s counts %+v, and has %+v", path, s, found)
	}
	return s
}

// case finds a case by its name.
func (s suites) named(name string) *testCase {
	for i, c := range s.Cases {
		if c.Name == name {
			return &s.Cases[i]
		}
	}
	return nil
}

// Each network is written as a page that shows all of its layers, and as test cases of which
// the wrong layer's fails.
func TestCompareWritesFiles(t *testing.T) {
	for _, tc := range []struct{ net, layer string }{{"study", "conv2"}, {"resnet20", "block4.conv2"}} {
		t.Run(tc.net, func(t *testing.T) {
			dir := pagesDir(t)
			t.Chdir(t.TempDir())
			net := writeRecorded(t, tc.net, tc.layer)
			for name, code := range map[string]int{"right": 0, "wrong": 1} {
				page, junit := filepath.Join(dir, "compare-"+tc.net+"-"+name+".html"), name+".xml"
				out, stderr, got := gonn("compare", name+".onnx", "--inputs", "in.npy", "--expected", "all.npz", "--html", page, "--junit", junit, "--force")
				if got != code || stderr != "" {
					t.Fatalf("%s: exit %d, want %d: %s%s", name, got, code, out, stderr)
				}
				b, err := os.ReadFile(page)
				if err != nil {
					t.Fatal(err)
				}
				title := map[string]string{"right": "<title>Equal: right.onnx – gonn compare</title>", "wrong": "<title>Different: wrong.onnx – gonn compare</title>"}[name]
				if !strings.Contains(string(b), title) {
					t.Errorf("%s: no %s", name, title)
				}
				s := readJUnit(t, junit)
				for _, n := range net.Nodes() {
					if !strings.Contains(string(b), ">"+n.Name+"</b>") || s.named("layer "+n.Name) == nil {
						t.Errorf("%s: layer %s is not in both files", name, n.Name)
					}
				}
				if s.named("output logits") == nil || s.named("one at a time on go") == nil || !(s.Time > 0) {
					t.Errorf("%s: an output, a plan or the time is not there: %+v", name, s)
				}
				if c := s.named("layer " + tc.layer); (c.Failure != nil) != (name == "wrong") {
					t.Errorf("%s: %+v", name, c)
				}
				if want := map[string]int{"right": 0, "wrong": 2}[name]; s.Failures != want || s.Errors != 0 {
					t.Errorf("%s: %d failures, want %d", name, s.Failures, want)
				}
				if name == "wrong" && !strings.Contains(string(b), "data:image/png;base64,") {
					t.Errorf("%s: no pictures of errors", name)
				}
			}
		})
	}
}

// Every model that is held has its suite, and an engine that cannot run is an error there.
func TestCompareFilesOfSeveralModels(t *testing.T) {
	dir := pagesDir(t)
	t.Chdir(t.TempDir())
	writePort(t)
	page := filepath.Join(dir, "compare-two.html")
	if _, stderr, code := gonn("compare", "model.onnx", "port.onnx", "--same", "--html", page, "--junit", "two.xml", "--force"); code != 1 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if s := readJUnit(t, "two.xml"); s.Failures == 0 || s.named("output logits").Class != "port.onnx.outputs" {
		t.Errorf("%+v", s)
	}
	if _, _, code := gonn("compare", "model.onnx", "--engine", "gonn,ort", "--ort-lib", "/no/such/library.so", "--html", filepath.Join(dir, "engines.html"), "--junit", "engines.xml", "--force"); code != 2 {
		t.Errorf("exit %d", code)
	}
	if s := readJUnit(t, "engines.xml"); s.Failures != 0 || s.Errors != 1 {
		t.Errorf("%+v", s)
	}
}

// What is not used of the recorded data, and what is taken without being asked for, is said.
func TestCompareSaysWhatItUses(t *testing.T) {
	t.Chdir(t.TempDir())
	writeRecorded(t, "study", "conv2")
	x := make([]float32, 4*28*28)
	for i := range x {
		x[i] = float32(i*i%253) / 253
	}
	writeNPZ(t, "in.npz", array{"input", []int{4, 1, 28, 28}, x}, array{"labels", []int{4}, make([]float32, 4)})
	for _, args := range []string{"right.onnx --inputs in.npz --expected all.npz", "right.onnx right.onnx --inputs in.npz"} {
		_, stderr, code := gonn(append([]string{"compare"}, strings.Fields(args)...)...)
		if code != 0 || strings.Count(stderr, `"labels" is no input of the model, and is not used`) != 1 {
			t.Errorf("%s: exit %d: %s", args, code, stderr)
		}
	}
	if _, stderr, code := gonn("compare", "right.onnx"); code != 0 || strings.Contains(stderr, "latest run") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	mustRun(t, "import", "wrong.onnx", "--run", filepath.Join("runs", "mine"))
	if _, stderr, code := gonn("compare", "right.onnx", "--limit", "8"); code != 0 || !strings.Contains(stderr, "the latest run in runs: --run DIR names another") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

// Files are refused before anything is computed, and nothing is overwritten unasked.
func TestCompareFilesThatAreRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	writePort(t)
	writeRecorded(t, "study", "conv2")
	writeFile(t, "there.html", []byte("mine"))
	if err := os.Link("all.npz", "linked.npz"); err != nil {
		t.Fatal(err)
	}
	for args, says := range map[string]string{
		"model.onnx --html there.html":                                             "there.html exists: choose another name or overwrite it with --force",
		"model.onnx --html a --junit a":                                            "choose two files",
		"model.onnx --html no/such/folder.html":                                    "no/such/folder.html: there is no folder",
		"right.onnx wrong.onnx --disagreements there.html":                         "there.html exists",
		"right.onnx wrong.onnx --disagreements no/such/a.png":                      "there is no folder",
		"right.onnx wrong.onnx --disagreements a --html a":                         "choose two files",
		"model.onnx port.onnx --same --force --html ./port.onnx":                   "--html names ./port.onnx, which the comparison reads",
		"right.onnx --inputs in.npy --expected all.npz --force --junit linked.npz": "--junit names linked.npz, which the comparison reads",
		"right.onnx wrong.onnx --inputs in.npy --force --junit in.npy":             "which the comparison reads",
		"right.onnx wrong.onnx --limit 8 --html new":                               "nothing was",
		"model.onnx port.onnx --same --junit copy.onnx":                            "copy.onnx exists",
	} {
		_, stderr, code := gonn(append([]string{"compare"}, strings.Fields(args)...)...)
		if code != exitUsage || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit %d and %q, want %q", args, code, stderr, says)
		}
	}
	if b, err := os.ReadFile("there.html"); err != nil || string(b) != "mine" {
		t.Errorf("there.html: %q %v", b, err)
	}
	mustRun(t, "compare", "model.onnx", "--html", "there.html", "--force")
	if b, err := os.ReadFile("there.html"); err != nil || !strings.HasPrefix(string(b), "<!DOCTYPE html>") {
		t.Errorf("with --force: %.20q %v", b, err)
	}
}
