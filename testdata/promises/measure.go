package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// figure is what one test, or one script of .ci, has measured for a promise.
type figure struct {
	text string
	by   string // package and test, or the script
}

// promiseLine is a figure in the output of a test or a script.
var promiseLine = regexp.MustCompile(`\bpromise ([A-Z][0-9]{1,2}): (.+)$`)

// measureTests runs the tests of the packages that measure, and collects their figures.
func measureTests() (map[string][]figure, error) {
	packages, err := measuring()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("go", append([]string{"test", "-json"}, packages...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	measured := map[string][]figure{}
	if err := collectTests(out, measured); err != nil {
		return nil, err
	}
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("go test: %w", err)
	}
	return measured, nil
}

// measuring are the packages with a test that logs a figure.
func measuring() ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := fileContent(path)
		if err == nil && strings.Contains(text, `"promise `) {
			dirs = append(dirs, "./"+filepath.ToSlash(filepath.Dir(path)))
		}
		return err
	})
	slices.Sort(dirs)
	return slices.Compact(dirs), err
}

// collectTests reads the events of go test -json.
func collectTests(r io.Reader, measured map[string][]figure) error {
	d := json.NewDecoder(r)
	for {
		var event struct{ Action, Package, Test, Output string }
		if err := d.Decode(&event); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if event.Action == "fail" && event.Test != "" {
			fmt.Fprintf(os.Stderr, "%s: %s fails\n", event.Package, event.Test)
		}
		test, _, _ := strings.Cut(event.Test, "/")
		_, pkg, _ := strings.Cut(event.Package, "/gonn/")
		add(measured, event.Output, pkg+" "+test)
	}
}

// add takes the figure off a line of output, if it has one.
func add(measured map[string][]figure, line, by string) {
	m := promiseLine.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return
	}
	f := figure{strings.TrimSuffix(m[2], "."), by}
	if !slices.Contains(measured[m[1]], f) {
		measured[m[1]] = append(measured[m[1]], f)
	}
}

// stepLine begins what a script of .ci/run has written, "=== kills passed: at every system call
// (12:00:00)". One without a name in front is no script. Tests that it prints begin with === too.
var stepLine = regexp.MustCompile(`^=== (?:([a-z0-9]+) passed: )?.* \([0-9]{2}:[0-9]{2}:[0-9]{2}\)$`)

// readLog takes the figures of scripts from the output of .ci/run.
func readLog(path string, measured map[string][]figure) error {
	text, err := fileContent(path)
	if err != nil {
		return err
	}
	leg := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if m := stepLine.FindStringSubmatch(line); m != nil {
			leg = m[1]
		} else if leg != "" {
			add(measured, line, legPrefix+leg)
		}
	}
	return nil
}

// legPrefix begins the name of a script.
const legPrefix = ".ci/"

// keepLegs keeps the figures that the table of a file has of scripts.
func keepLegs(path string, measured map[string][]figure) error {
	table, err := readTable(path)
	if err != nil {
		return err
	}
	for id, figures := range table {
		for _, f := range figures {
			if strings.HasPrefix(f.by, legPrefix) {
				measured[id] = append(measured[id], f)
			}
		}
	}
	return nil
}
