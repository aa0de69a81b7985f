package bench

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// A clock hides nothing of an Op that the executor asks for: it has the methods of all optional
// interfaces of package op. Of shares and of what is fused it makes clocks of their own.
func TestClocksHaveTheOptionalInterfaces(t *testing.T) {
	left := []string{"Splitter", "Ranger"}
	has := reflect.TypeFor[clockedSynchronized]()
	files, err := filepath.Glob("../op/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			list, ok := spec.Type.(*ast.InterfaceType)
			if !ok || slices.Contains(left, spec.Name.Name) || !embedsOp(list) {
				return true
			}
			found++
			for _, m := range list.Methods.List {
				for _, name := range m.Names {
					if _, ok := has.MethodByName(name.Name); !ok {
						t.Errorf("op.%s: a clock has no method %s", spec.Name.Name, name.Name)
					}
				}
			}
			return true
		})
	}
	if found < 7 {
		t.Errorf("%d optional interfaces were found", found)
	}
}

func embedsOp(list *ast.InterfaceType) bool {
	return slices.ContainsFunc(list.Methods.List, func(m *ast.Field) bool {
		id, ok := m.Type.(*ast.Ident)
		return ok && len(m.Names) == 0 && id.Name == "Op"
	})
}
