package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	fuzzTarget = regexp.MustCompile(`(?m)^func (Fuzz\w*)\(`)
	fuzzRow    = regexp.MustCompile(`(?m)^(\S+) (Fuzz\w+) (\d+)$`)
)

// Every fuzz target has a row with a minimum of executions in .ci/fuzz, and every row a target.
func TestEveryFuzzTargetHasAMinimum(t *testing.T) {
	root := filepath.Join("..", "..")
	script, err := os.ReadFile(filepath.Join(root, ".ci", "fuzz"))
	if err != nil {
		t.Fatal(err)
	}
	rows, executions := map[string]bool{}, 0
	for _, row := range fuzzRow.FindAllStringSubmatch(string(script), -1) {
		n, err := strconv.Atoi(row[3])
		if err != nil || n < 1000 {
			t.Errorf("%s %s: at least %s executions are none", row[1], row[2], row[3])
		}
		rows[row[1]+" "+row[2]], executions = true, executions+n
	}
	targets := 0
	err = filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		for _, m := range fuzzTarget.FindAllStringSubmatch(string(b), -1) {
			target := path.Dir(filepath.ToSlash(rel)) + " " + m[1]
			if !rows[target] {
				t.Errorf("%s has no row in .ci/fuzz", target)
			}
			targets++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if targets != len(rows) {
		t.Errorf("%d fuzz targets, %d rows in .ci/fuzz", targets, len(rows))
	}
	t.Logf("promise U12: %d fuzz targets, of which CI runs at least %d executions", targets, executions)
}
