package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"path/filepath"
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// argsFile declares the structs that kernels get pointers to, for all architectures.
var argsFile = filepath.Join("..", "args.go")

// args is one of them. All fields are 8 bytes.
type args struct {
	name   string
	fields []string
}

// structs are those of argsFile, by name.
var structs = parseArgs(argsFile)

func parseArgs(path string) map[string]args {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		log.Fatal(err)
	}
	all := map[string]args{}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		a := args{name: spec.Name.Name}
		body, ok := spec.Type.(*ast.StructType)
		if !ok {
			log.Fatalf("%s: %s is no struct", path, a.name)
		}
		for _, field := range body.Fields.List {
			if !eightBytes(field.Type) {
				log.Fatalf("%s: %s: field %s is none of unsafe.Pointer, uintptr and uint64", path, a.name, field.Names[0])
			}
			for _, name := range field.Names {
				a.fields = append(a.fields, name.Name)
			}
		}
		all[a.name] = a
		return false
	})
	return all
}

func eightBytes(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.SelectorExpr:
		return t.Sel.Name == "Pointer"
	case *ast.Ident:
		return t.Name == "uintptr" || t.Name == "uint64"
	}
	return false
}

// argsOf is the struct of that name.
func argsOf(name string) args {
	a, ok := structs[name]
	if !ok {
		log.Fatalf("%s declares no struct %s", argsFile, name)
	}
	return a
}

// at is a field in the struct that base points to.
func (a args) at(base reg.Register, field string) operand.Mem {
	i := slices.Index(a.fields, field)
	if i < 0 {
		log.Fatalf("%s has no field %q", a.name, field)
	}
	return operand.Mem{Base: base, Disp: 8 * i}
}
