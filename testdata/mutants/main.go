// Command mutants tests the tests: it plants one fault after the other in a copy of the
// module and requires that the test that is there for it fails, and that it passes without.
//
//	go run ./testdata/mutants [-run REGEXP] [-check]
//
// It prints the table of faults and of the tests that caught them. A fault that survives, one
// that does not compile, and one whose place is no longer there once are failures.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"
)

// faults are the planted faults, of all tables.
var faults = slices.Concat(storageFaults, trainingFaults, resultFaults, layerFaults, readerFaults, onnxFaults, kernelFaults)

func main() {
	only := flag.String("run", "", "plant the faults whose `name` matches alone")
	check := flag.Bool("check", false, "only look whether the places of the faults are there")
	flag.Parse()
	if err := run(*only, *check); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(only string, check bool) error {
	match, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(slices.Clone(faults), func(f fault) bool { return !match.MatchString(f.name) })
	if len(list) == 0 {
		return fmt.Errorf("no fault is called %q", only)
	}
	if check {
		return checkPlaces(list)
	}
	c, err := copyModule(".")
	if err != nil {
		return err
	}
	defer os.RemoveAll(c.dir)

	start, failures := time.Now(), 0
	for _, f := range list {
		err, took := c.judge(f), c.cpu()
		if err != nil {
			failures++
			fmt.Printf("FAIL  %s: %v\n", f.name, err)
		} else {
			fmt.Printf("%5.1f s  %s  →  %s %s\n", took.Seconds(), f.name, f.pkg, f.test)
		}
	}
	if failures > 0 {
		return fmt.Errorf("%d of %d faults are not caught as they should be", failures, len(list))
	}
	packages := map[string]bool{}
	for _, f := range list {
		packages[f.pkg] = true
	}
	fmt.Printf("promise U10: %d planted faults, all caught by tests of %d packages, in %.0f s\n",
		len(list), len(packages), time.Since(start).Seconds())
	return nil
}
