package main

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/gonn-toolkit/gonn/"

// mayImport is the architecture: each package with the packages of ours that it may
// import, all of them below it in the picture of CONTRIBUTING.md. A new package needs a
// row.
var mayImport = map[string][]string{
	"nn/internal/kernel": {},
	"nn/op":              {"nn/internal/kernel"},
	"nn/activation":      {"nn/internal/kernel", "nn/op"},
	"nn/layer":           {"nn/activation", "nn/internal/kernel", "nn/op"},
	"nn/loss":            {"nn/internal/kernel", "nn/op"},
	"nn/internal/golden": {"nn/activation", "nn/layer", "nn/op", "train/data"},
	"nn/internal/exec":   {"nn/internal/kernel", "nn/op"},
	"nn":                 {"nn/activation", "nn/internal/exec", "nn/internal/kernel", "nn/layer", "nn/loss", "nn/op"},
	"nn/optim":           {"nn", "nn/internal/kernel"},
	"nn/preset":          {"nn", "nn/activation", "nn/layer"},
	"nn/nntest":          {"nn", "nn/layer", "nn/loss", "nn/op"},
	"nn/score":           {"nn", "nn/loss"},
	"nn/nonfinite":       {"nn"},
	"nn/match":           {"nn", "nn/activation", "nn/internal/kernel", "nn/layer", "nn/match/internal/assign"},
	"nn/bench":           {"nn", "nn/activation", "nn/internal/kernel", "nn/loss", "nn/op", "nn/optim"},
	"nn/landscape":       {"nn"},
	"nn/saliency":        {"nn", "nn/activation", "nn/layer"},

	"nn/match/internal/assign": {},

	"onnxio/graph":        {},
	"onnxio/reference":    {"onnxio/graph", "onnxio/internal/operators"},
	"onnxio":              {"nn", "nn/activation", "nn/layer", "onnxio/graph", "onnxio/internal/checker", "onnxio/internal/elementwise", "onnxio/internal/ir", "onnxio/internal/numericmatch", "onnxio/internal/opset", "onnxio/internal/rewrite", "onnxio/internal/schema", "onnxio/internal/shapeinfer", "onnxio/reference"},
	"onnxio/parity":       {"nn", "nn/activation", "nn/layer", "onnxio", "onnxio/engine", "onnxio/graph", "onnxio/internal/schema", "onnxio/parity/cause", "onnxio/reference", "train/data"},
	"onnxio/parity/cause": {"nn", "nn/activation", "nn/layer"},

	"onnxio/internal/fuzzrand":   {},
	"onnxio/internal/operators":  {"onnxio/graph"},
	"onnxio/internal/ir":         {"onnxio/graph", "onnxio/reference"},
	"onnxio/internal/schema":     {"onnxio/graph", "onnxio/internal/operators", "onnxio/reference"},
	"onnxio/internal/shapeinfer": {"onnxio/graph", "onnxio/internal/ir", "onnxio/internal/operators", "onnxio/internal/schema", "onnxio/reference"},
	"onnxio/internal/opset":      {"onnxio/graph", "onnxio/internal/ir", "onnxio/internal/schema", "onnxio/internal/shapeinfer"},
	"onnxio/internal/constfold": {"onnxio/graph", "onnxio/internal/ir", "onnxio/internal/schema", "onnxio/internal/shapeinfer",
		"onnxio/reference"},
	"onnxio/internal/checker": {"onnxio/graph", "onnxio/internal/constfold", "onnxio/internal/ir", "onnxio/internal/operators",
		"onnxio/internal/opset", "onnxio/internal/schema", "onnxio/internal/shapeinfer"},
	"onnxio/internal/canonical": {"onnxio/graph", "onnxio/internal/constfold", "onnxio/internal/ir", "onnxio/internal/schema",
		"onnxio/internal/shapeinfer"},
	"onnxio/internal/layout": {"onnxio/graph", "onnxio/internal/ir", "onnxio/internal/schema", "onnxio/internal/shapeinfer",
		"onnxio/reference"},
	"onnxio/internal/fuse": {"onnxio/graph", "onnxio/internal/canonical", "onnxio/internal/constfold", "onnxio/internal/ir",
		"onnxio/internal/schema", "onnxio/internal/shapeinfer", "onnxio/reference"},
	"onnxio/internal/rewrite": {"onnxio/graph", "onnxio/internal/canonical", "onnxio/internal/constfold", "onnxio/internal/fuse",
		"onnxio/internal/ir", "onnxio/internal/layout", "onnxio/internal/opset", "onnxio/internal/schema",
		"onnxio/internal/shapeinfer"},

	"onnxio/internal/rewrite/rewritetest": {"onnxio/graph", "onnxio/internal/ir", "onnxio/internal/rewrite", "onnxio/reference"},

	"onnxio/internal/conformance":  {"onnxio/graph", "onnxio/reference"},
	"onnxio/internal/elementwise":  {"nn"},
	"onnxio/internal/numericmatch": {"nn", "nn/activation", "onnxio/graph", "onnxio/internal/elementwise", "onnxio/reference"},

	"onnxio/engine":          {"nn", "nn/activation", "nn/op", "onnxio", "onnxio/graph", "onnxio/reference"},
	"onnxio/engine/gorgonia": {"nn", "onnxio", "onnxio/engine", "onnxio/graph"},
	"onnxio/engine/onnxgo":   {"nn", "onnxio", "onnxio/graph", "onnxio/internal/operators"},
	"onnxio/engine/ort":      {"nn", "onnxio/engine", "onnxio/graph"},

	"train/atomicfile": {"train/internal/filelock"},
	"train/bundle":     {"nn", "nn/optim", "train/atomicfile", "train/data", "train/internal/filelock", "train/internal/regular", "train/internal/strictjson"},
	"train/replay": {"nn", "nn/layer", "nn/loss", "nn/op", "nn/optim", "onnxio", "onnxio/graph", "train/bundle",
		"train/data"},
	"train/recorder":            {"nn", "nn/layer", "nn/loss", "nn/optim", "onnxio", "train", "train/bundle", "train/data", "train/run"},
	"train/data":                {"nn", "train/data/internal/jpeg", "train/data/internal/png", "train/internal/regular"},
	"train/data/internal/jpeg":  {},
	"train/data/internal/png":   {},
	"train/data/hostiletest":    {},
	"train/data/mnist":          {"train/data"},
	"train":                     {"nn", "nn/nonfinite", "nn/optim", "train/data", "train/internal/strictjson"},
	"train/internal/filelock":   {},
	"train/internal/regular":    {},
	"train/internal/strictjson": {},
	"train/internal/toy":        {"nn", "nn/activation", "nn/layer"},
	"train/metric":              {"nn", "nn/activation", "nn/score", "train"},
	"train/progress":            {"train", "train/terminal"},
	"train/model": {"nn", "nn/landscape", "nn/loss", "nn/nonfinite", "nn/score", "onnxio", "onnxio/engine", "onnxio/graph",
		"onnxio/parity", "train", "train/data", "train/run"},
	"train/recipe": {"nn", "nn/activation", "nn/loss", "nn/op", "nn/preset", "train", "train/data", "train/data/mnist",
		"train/metric", "train/model", "train/run", "train/shell", "train/tensorboard"},
	"train/plot": {},
	"train/plot/kinds": {"nn", "nn/activation", "nn/landscape", "nn/layer", "nn/saliency", "nn/score", "train", "train/data",
		"train/model", "train/plot", "train/plot/layered", "train/recipe", "train/report", "train/report/table", "train/run",
		"train/stats", "train/sweep"},
	"train/plot/layered": {},
	"train/report": {"nn", "nn/activation", "nn/bench", "nn/landscape", "nn/match", "nn/nonfinite", "nn/score",
		"onnxio", "onnxio/engine", "onnxio/graph", "onnxio/parity", "train", "train/bundle", "train/data",
		"train/lrfind", "train/model", "train/recipe", "train/replay", "train/report/comparepage",
		"train/report/junit", "train/report/table", "train/run", "train/runs", "train/shell", "train/stats",
		"train/study", "train/sweep", "train/terminal"},
	"train/live":               {"nn", "train", "train/metric", "train/progress", "train/report", "train/report/page"},
	"train/lrfind":             {"nn", "nn/optim", "train", "train/plot"},
	"train/report/junit":       {},
	"train/report/page":        {},
	"train/report/table":       {},
	"train/report/comparepage": {"onnxio/parity", "train/report/page"},
	"train/report/runpage": {"nn", "nn/layer", "nn/op", "nn/optim", "onnxio/engine", "train", "train/data",
		"train/model", "train/plot", "train/plot/kinds", "train/recipe", "train/report", "train/report/page",
		"train/report/themed", "train/run", "train/shell", "train/stats", "train/sweep"},
	"train/report/studypage": {"train/plot", "train/report/page", "train/report/themed", "train/study"},
	"train/report/themed":    {"train/plot"},
	"train/shell":            {},
	"train/terminal":         {},
	"train/run": {"nn", "nn/loss", "nn/op", "nn/optim", "onnxio", "onnxio/graph", "train", "train/atomicfile",
		"train/internal/filelock", "train/internal/regular", "train/internal/strictjson", "train/metric",
		"train/run/internal/safetensors", "train/shell"},
	"train/runs":  {"nn/activation", "train/run", "train/sweep"},
	"train/stats": {},
	"train/study": {"nn", "nn/activation", "nn/bench", "nn/landscape", "nn/layer", "nn/loss", "nn/op",
		"train/atomicfile", "train/data", "train/internal/regular", "train/plot", "train/recipe", "train/run",
		"train/stats", "train/sweep"},
	"train/sweep": {"nn", "nn/activation", "train", "train/atomicfile", "train/internal/filelock", "train/internal/regular",
		"train/internal/strictjson", "train/recipe", "train/run", "train/stats"},
	"train/tensorboard":              {"nn", "nn/activation", "train", "train/data"},
	"train/run/internal/safetensors": {"train/internal/strictjson"},

	"cmd/gonn": {"nn", "nn/activation", "nn/bench", "nn/landscape", "nn/loss", "nn/op", "nn/optim", "nn/preset",
		"onnxio", "onnxio/engine", "onnxio/engine/gorgonia", "onnxio/engine/ort", "onnxio/graph", "onnxio/parity",
		"onnxio/reference", "train", "train/atomicfile", "train/bundle", "train/data", "train/live", "train/lrfind",
		"train/metric", "train/model", "train/plot", "train/plot/kinds", "train/progress", "train/recipe",
		"train/recorder", "train/replay", "train/report", "train/report/runpage", "train/report/studypage",
		"train/report/table", "train/run", "train/runs", "train/shell", "train/study", "train/sweep"},
}

// mayUse are the modules of others that a package may import besides Go's own
// library: what a user of the library carries stays small.
var mayUse = map[string][]string{
	"nn/internal/kernel": {"golang.org/x/sys/cpu", "golang.org/x/sys/unix"},
	"onnxio/graph":       {"google.golang.org/protobuf/encoding/protowire"},
	"onnxio/engine/gorgonia": {"github.com/owulveryck/onnx-go", "github.com/owulveryck/onnx-go/backend/x/gorgonnx",
		"gorgonia.org/gorgonia", "gorgonia.org/tensor"},
	"onnxio/engine/onnxgo": {"github.com/owulveryck/onnx-go", "gonum.org/v1/gonum/graph", "gonum.org/v1/gonum/graph/simple",
		"gorgonia.org/tensor"},
	"onnxio/engine/ort":       {"github.com/ebitengine/purego"},
	"train/atomicfile":        {"golang.org/x/sys/unix"},
	"train/data":              {"golang.org/x/image/draw", "golang.org/x/text/unicode/norm"},
	"train/internal/filelock": {"golang.org/x/sys/windows"},
	"train/plot": {"golang.org/x/image/font", "gonum.org/v1/plot", "gonum.org/v1/plot/font", "gonum.org/v1/plot/plotter",
		"gonum.org/v1/plot/text", "gonum.org/v1/plot/vg", "gonum.org/v1/plot/vg/draw", "gonum.org/v1/plot/vg/vgimg",
		"gonum.org/v1/plot/vg/vgsvg"},
	"train/plot/kinds": {"gonum.org/v1/gonum/floats", "gonum.org/v1/plot", "gonum.org/v1/plot/plotter", "gonum.org/v1/plot/vg",
		"gonum.org/v1/plot/vg/draw"},
	"train/report/table": {"github.com/rivo/uniseg"},
	"train/terminal":     {"golang.org/x/term"},
	"nn/landscape":       {"gonum.org/v1/gonum/floats", "gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/stat"},
	"train/stats":        {"gonum.org/v1/gonum/stat", "gonum.org/v1/gonum/stat/distuv"},
	"train/study":        {"gonum.org/v1/gonum/floats", "gonum.org/v1/gonum/stat"},
	"train/tensorboard":  {"gonum.org/v1/plot/palette/moreland", "google.golang.org/protobuf/encoding/protowire"},
	"cmd/gonn":           {"github.com/urfave/cli/v2", "github.com/xrash/smetrics"},
}

// forbidden are parts of Go's library that no package of ours imports, but for loopback: the
// network, and what would run code that a file brings.
var forbidden = []string{"net", "net/...", "crypto/tls", "os/exec", "plugin", "encoding/gob"}

// loopback is the package that may listen on 127.0.0.1, for the page of gonn train --watch, and
// what it imports for that.
const loopback = "train/live"

var mayServe = []string{"net", "net/http"}

// testOnly are packages of helpers for tests. Only test files import them, so that nothing of
// them is in what a user builds, and they may start other programs, such as the test itself
// once more.
var testOnly = []string{"nn/nntest", "onnxio/internal/rewrite/rewritetest", "train/data/hostiletest"}

// drivers are engines that bring large modules of others, and unsafe with them: a user of
// the library must not carry them.
var drivers = []string{"onnxio/engine/gorgonia", "onnxio/engine/ort"}

// behindTag are packages that may use unsafe, and the modules of others in their row, but
// only in files that a build without the tag leaves out: what it makes stays static, and
// without unsafe beside the kernels'.
var behindTag = map[string]string{"onnxio/engine/ort": "ort"}

// TestImports holds every package to its row, and unsafe, cgo and assembly to the
// kernels. Nothing imports what is forbidden.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && file != root && (name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(rel))
		if strings.HasSuffix(file, ".s") && pkg != "nn/internal/kernel" {
			t.Errorf("%s: assembly outside nn/internal/kernel", rel)
		}
		if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
			seen[pkg] = true
			checkFile(t, file, rel, pkg)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg, allowed := range mayImport {
		if !seen[pkg] {
			t.Errorf("package %s has a row but no files", pkg)
		}
		for _, helper := range testOnly {
			if slices.Contains(allowed, helper) {
				t.Errorf("package %s may import %s, which only test files may", pkg, helper)
			}
		}
		for _, d := range drivers {
			if pkg != "cmd/gonn" && slices.Contains(allowed, d) {
				t.Errorf("package %s may import the driver %s, which only the command may", pkg, d)
			}
		}
	}
	t.Logf("promise S8: %d packages import no gob, plugin or other program, and no network but for %s, which serves a page on 127.0.0.1;"+
		" unsafe, cgo and assembly are in nn/internal/kernel and behind %d tag; %d packages are for tests only, and may start programs",
		len(seen)-len(testOnly), loopback, len(behindTag), len(testOnly))
}

func checkFile(t *testing.T, file, rel, pkg string) {
	allowed, known := mayImport[pkg]
	if !known {
		t.Errorf("%s: package %s has no row in mayImport", rel, pkg)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	tag, hasTag := behindTag[pkg]
	behind := hasTag && needsTag(t, f, tag)
	for _, spec := range f.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(name, "/")
		ours, isOurs := strings.CutPrefix(name, module)
		switch {
		case isOurs && !slices.Contains(allowed, ours):
			t.Errorf("%s imports %s, which %s may not", rel, ours, pkg)
		case !isOurs && strings.Contains(first, ".") && !slices.Contains(mayUse[pkg], name):
			t.Errorf("%s imports %s, which %s may not", rel, name, pkg)
		case name == "os/exec" && slices.Contains(testOnly, pkg):
		case pkg == loopback && slices.Contains(mayServe, name):
		case slices.Contains(forbidden, name) || slices.Contains(forbidden, first+"/..."):
			t.Errorf("%s imports %s, which %s may not", rel, name, pkg)
		case name == "unsafe" && behind:
		case (name == "unsafe" || name == "C") && pkg != "nn/internal/kernel":
			t.Errorf("%s imports %s outside nn/internal/kernel", rel, name)
		case hasTag && !behind && !isOurs && strings.Contains(first, "."):
			t.Errorf("%s imports %s, which in %s only files behind the tag %s may", rel, name, pkg, tag)
		}
	}
}

// needsTag reports whether a file's build constraint leaves it out of a build without the
// tag, whatever the other tags.
func needsTag(t *testing.T, f *ast.File, tag string) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() > f.Package || !constraint.IsGoBuild(c.Text) {
				continue
			}
			expr, err := constraint.Parse(c.Text)
			if err != nil {
				t.Fatal(err)
			}
			without := func(others bool) bool {
				return expr.Eval(func(name string) bool { return others && name != tag })
			}
			return !without(true) && !without(false)
		}
	}
	return false
}
