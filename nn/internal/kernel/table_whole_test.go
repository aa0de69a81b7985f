package kernel

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Every exported function that takes slices has a row in the table, and the test that a row names
// is there.
func TestEveryKernelIsInTheTables(t *testing.T) {
	exported, tests := declaredKernels(t)
	rows := kernelsOfTable()
	for name := range exported {
		if !rows[name] {
			t.Errorf("%s has no row in kernelTable: no test of memory, of the race detector and of bits runs it", name)
		}
	}
	held := map[string]bool{}
	for _, k := range kernelTable {
		if !exported[k.kernel()] {
			t.Errorf("row %q is of no exported function", k.name)
		}
		if k.heldBy != "" && !tests[k.heldBy] {
			t.Errorf("row %q: there is no test %s", k.name, k.heldBy)
		}
		held[k.heldBy] = true
	}
	if len(exported) < 50 || len(held) < 5 {
		t.Errorf("%d kernels and %d tests: the declarations are not found", len(exported), len(held))
	}
}

// declaredKernels are the exported functions and methods of the package with a slice among their
// parameters, for every architecture, and its tests.
func declaredKernels(t *testing.T) (kernels, tests map[string]bool) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	kernels, tests = map[string]bool{}, map[string]bool{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			switch {
			case !ok:
			case strings.HasSuffix(file, "_test.go"):
				tests[fn.Name.Name] = true
			case fn.Name.IsExported() && takesSlice(fn.Type.Params):
				kernels[receiver(fn)+fn.Name.Name] = true
			}
		}
	}
	return kernels, tests
}

// receiver is the type of a method's receiver and a point.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	of := fn.Recv.List[0].Type
	if p, ok := of.(*ast.StarExpr); ok {
		of = p.X
	}
	return of.(*ast.Ident).Name + "."
}

// takesSlice reports whether a parameter is a slice, or an array of slices.
func takesSlice(params *ast.FieldList) bool {
	for _, p := range params.List {
		for of, ok := p.Type.(*ast.ArrayType); ok; of, ok = of.Elt.(*ast.ArrayType) {
			if of.Len == nil {
				return true
			}
		}
	}
	return false
}
