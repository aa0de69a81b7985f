// Command _asm writes the assembly of package kernel.
//
//	cd nn/internal/kernel/_asm && go run .
//
// It is a module of its own, so that whoever uses gonn does not need avo. Each file
// beside this one describes the kernels of one subject, once for all instruction
// sets, and becomes ../<subject>_amd64.s and ../<subject>_stubs_amd64.go. The structs
// that kernels work on are declared in ../args.go, for all architectures. The file
// asm.sum holds the checksums of what went in and what came out; a test of package
// kernel finds an output that is older than its source.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// subjects are registered by the init functions of their files.
var subjects = map[string]func(s *subject){}

func register(name string, describe func(s *subject)) { subjects[name] = describe }

func main() {
	log.SetFlags(0)
	var outputs []string
	for _, name := range slices.Sorted(maps.Keys(subjects)) {
		s := newSubject(name)
		subjects[name](s)
		for file, text := range s.print() {
			path := filepath.Join("..", file)
			if err := os.WriteFile(path, text, 0o666); err != nil {
				log.Fatal(err)
			}
			outputs = append(outputs, path)
		}
	}
	if err := writeSums(outputs); err != nil {
		log.Fatal(err)
	}
}

func writeSums(outputs []string) error {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, path := range slices.Sorted(slices.Values(append(append(sources, "go.mod", "go.sum", argsFile), outputs...))) {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(text), filepath.ToSlash(path))
	}
	return os.WriteFile("asm.sum", b.Bytes(), 0o666)
}
