package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Limits for one fault, on a machine that may be busy with other things. A test that hangs has not
// caught anything.
const (
	buildLimit = 15 * time.Minute // the first of a package compiles all that it needs
	testLimit  = 3 * time.Minute
)

// module is a copy of the module.
type module struct {
	dir    string
	passed map[string]error // of passes
	spent  time.Duration    // processor time of all processes since cpu was last called
}

// copyModule copies the files of a module that git knows or would add.
func copyModule(root string) (*module, error) {
	list, err := exec.Command("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join(root, name))
		if errors.Is(err, os.ErrNotExist) { // deleted, but not yet for git
			continue
		}
		to := filepath.Join(dir, name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o755)
		}
		if err == nil {
			err = os.WriteFile(to, b, 0o644)
		}
		if err != nil {
			os.RemoveAll(dir)
			return nil, err
		}
	}
	return &module{dir: dir, passed: map[string]error{}}, nil
}

// cpu is the processor time since the last call.
func (c *module) cpu() time.Duration {
	d := c.spent
	c.spent = 0
	return d
}

// passes is an error unless the test of a fault passes in the copy as it is.
func (c *module) passes(f fault) error {
	key := fmt.Sprint(f.pkg, f.test, f.env, f.race)
	if err, known := c.passed[key]; known {
		return err
	}
	binary, err := c.build(f)
	if err == nil {
		var r result
		if r, err = c.test(binary, f); err == nil && !r.passed {
			err = fmt.Errorf("%s of %s does not pass:\n%s", f.test, f.pkg, r.out)
		}
	}
	c.passed[key] = err
	return err
}

// build compiles the tests of a fault's package.
func (c *module) build(f fault) (binary string, err error) {
	binary = filepath.Join(c.dir, "mutant.test")
	args := []string{"test", "-c", "-o", binary, "./" + f.pkg}
	if f.race {
		args = append(args, "-race")
	}
	out, err := c.command(buildLimit, c.dir, nil, "go", args...)
	if err != nil {
		return "", fmt.Errorf("%s does not compile: %w\n%s", f.pkg, err, out)
	}
	return binary, nil
}

// result is how a test ended: neither passed nor failed if it was not run or skipped, or the process
// ended otherwise.
type result struct {
	passed, failed bool
	out            []byte
}

func (c *module) test(binary string, f fault) (result, error) {
	dir := filepath.Join(c.dir, filepath.FromSlash(f.pkg))
	out, err := c.command(testLimit, dir, f.env, binary, "-test.run=^"+f.test+"$", "-test.v")
	if errors.Is(err, context.DeadlineExceeded) {
		return result{}, fmt.Errorf("%s of %s is not done after %v", f.test, f.pkg, testLimit)
	}
	has := func(verdict string) bool { return bytes.Contains(out, []byte("--- "+verdict+": "+f.test+" (")) }
	return result{passed: err == nil && has("PASS"), failed: err != nil && has("FAIL"), out: tail(out)}, nil
}

// command runs a program and counts its processor time.
func (c *module) command(limit time.Duration, dir string, env []string, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, append(os.Environ(), env...), time.Second
	out, err := cmd.CombinedOutput()
	if s := cmd.ProcessState; s != nil {
		c.spent += s.UserTime() + s.SystemTime()
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return out, err
}

// tail is the end of a long output.
func tail(out []byte) []byte {
	const most = 3000
	if len(out) <= most {
		return out
	}
	return append([]byte("…"), out[len(out)-most:]...)
}
