// Command promises writes the table of what gonn promises, each with the figure that the
// tests have just measured. From the root of the repository:
//
//	.ci/run 2>&1 | tee run.log
//	go run ./testdata/promises -log run.log -write .github/SECURITY.md
//
// Without -write it prints the table. Without -log the figures of scripts of .ci stay those that
// the file of -write has; those of the tests are always made anew. With -check nothing runs: the
// table of the file must have every promise.
//
// A test that keeps a promise logs one line, "promise S2: at most 1.9 × file + 21 MiB". A
// script of .ci prints it. The command fails if a test fails, if a promise has no figure,
// and if a line is of a promise that the table does not have.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("promises: ")
	ci := flag.String("log", "", "take what scripts of .ci measured from this `file`, the output of .ci/run")
	write := flag.String("write", "", "put the table into this `file`, between its marks")
	check := flag.String("check", "", "require that the table of this `file` has every promise, and run nothing")
	flag.Parse()
	if err := run(*ci, *write, *check); err != nil {
		log.Fatal(err)
	}
}

func run(ci, write, check string) error {
	if check != "" {
		table, err := readTable(check)
		if err != nil {
			return err
		}
		return checkRows(table)
	}
	if ci == "" && write == "" {
		return errors.New("give -log or -write, or both: the figures of scripts of .ci come from there")
	}
	measured, err := measureTests()
	if err != nil {
		return err
	}
	if ci != "" {
		err = readLog(ci, measured)
	} else {
		err = keepLegs(write, measured)
	}
	if err != nil {
		return err
	}
	table, err := render(measured)
	if err != nil {
		return err
	}
	if write == "" {
		fmt.Print(table)
		return nil
	}
	return replaceTable(write, table)
}

// checkRows is an error for each promise that a table lacks.
func checkRows(table map[string][]figure) error {
	var missing []error
	for _, p := range promises {
		if len(table[p.id]) == 0 {
			missing = append(missing, fmt.Errorf("the table has no figure for %s", p.id))
		}
	}
	return errors.Join(missing...)
}

// fileContent is a file as text.
func fileContent(path string) (string, error) {
	b, err := os.ReadFile(path)
	return string(b), err
}
