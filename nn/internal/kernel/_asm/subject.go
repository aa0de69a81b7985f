package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

// subject collects the kernels of one pair of files.
type subject struct {
	*build.Context
	name  string
	stubs bytes.Buffer

	data     []string // names of constants, in their order in memory
	dataBits [][16]uint32
}

func newSubject(name string) *subject {
	s := &subject{Context: build.NewContext(), name: name}
	s.ConstraintExpr("!purego")
	return s
}

// kernel starts a function func name(a *args) and returns the register that holds a.
// doc is the Go loop that it equals.
func (s *subject) kernel(name, doc string, a args) reg.Register {
	s.Function(name)
	s.Attributes(attr.NOSPLIT)
	s.SignatureExpr("func(a *byte)")
	fmt.Fprintf(&s.stubs, "\n%s//\n//go:noescape\nfunc %s(a *%s)\n", comment(doc), name, a.name)
	return s.Load(s.Param("a"), reg.RAX)
}

func comment(text string) string {
	return "// " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n// ") + "\n"
}

// print gives the files by name.
func (s *subject) print() map[string][]byte {
	s.printData()
	f, err := s.Result()
	if err == nil {
		err = pass.Compile.Execute(f)
	}
	if err != nil {
		log.Fatalf("%s: %v", s.name, err)
	}
	cfg := printer.Config{Argv: []string{"go", "run", "."}, Pkg: "kernel"}
	asm, err := printer.NewGoAsm(cfg).Print(f)
	if err != nil {
		log.Fatalf("%s: %v", s.name, err)
	}
	head := fmt.Sprintf("// %s\n\n//go:build !purego\n\npackage kernel\n", cfg.GeneratedWarning())
	stubs, err := format.Source([]byte(head + s.stubs.String()))
	if err != nil {
		log.Fatalf("%s: %v\n%s", s.name, err, s.stubs.String())
	}
	return map[string][]byte{
		s.name + "_amd64.s":        asm,
		s.name + "_stubs_amd64.go": stubs,
	}
}
