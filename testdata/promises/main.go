// Command promises writes the table of what gonn promises, each with the figure that the
// tests have just measured. From the root of the repository:
//
//	go run ./testdata/promises -write .github/SECURITY.md          # go test alone
//	go run ./testdata/promises -legs -write .github/SECURITY.md    # and the legs of .ci/run that measure
//	go run ./testdata/promises -check .github/SECURITY.md          # nothing is missing in the table
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
	withLegs := flag.Bool("legs", false, "run the scripts of .ci that measure, too (half an hour)")
	write := flag.String("write", "", "put the table into this `file`, between its marks")
	check := flag.String("check", "", "require that the table of this `file` has every promise")
	flag.Parse()
	if err := run(*withLegs, *write, *check); err != nil {
		log.Fatal(err)
	}
}

func run(withLegs bool, write, check string) error {
	measured, err := measureTests()
	if err != nil {
		return err
	}
	old := map[string][]figure{}
	for _, path := range []string{write, check} {
		if path == "" {
			continue
		}
		if old, err = readTable(path); err != nil {
			return err
		}
	}
	if withLegs {
		err = measureLegs(measured)
	} else {
		keepLegs(measured, old)
	}
	if err != nil {
		return err
	}
	table, err := render(measured)
	if err != nil {
		return err
	}
	fmt.Print(table)
	if check != "" {
		return checkRows(old)
	}
	if write == "" {
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
