package atomicfile

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// Every call fails once: the error names a file that was to be written, all files are
// whole, and what is there is the old or what the error says. No temporary file stays.
func TestEveryCallFails(t *testing.T) {
	cases := 0
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			_, all, _ := sc.attempt(t, 0, 0, false)
			for k, c := range all.calls {
				for _, short := range []bool{false, true} {
					if short && c.kind != "write" {
						continue
					}
					cases++
					dir, s, err := sc.attempt(t, k, k+1, short)
					when := order(s.calls[:k+1])
					if !sc.namedBy(err, dir) {
						t.Errorf("%s fails after %q: error %v", c.kind, when, err)
						continue
					}
					if s.open != 0 {
						t.Errorf("%s fails after %q: %d files stay open", c.kind, when, s.open)
					}
					got := holds(t, dir)
					if err := sc.whole(got); err != nil {
						t.Errorf("%s fails after %q: %v", c.kind, when, err)
					}
					for name := range got {
						if _, mine := sc.after[name]; !mine && sc.before[name] == "" && !strings.Contains(err.Error(), name) && !strings.Contains(err.Error(), "cannot be removed") {
							t.Errorf("%s fails after %q: %s stays, the error is %v", c.kind, when, name, err)
						}
					}
					if !renamed(s.calls) && !within(sc.before, got) {
						t.Errorf("%s fails after %q: the folder holds %v, it was %v", c.kind, when, got, sc.before)
					}
					sc.again(t, dir)
				}
			}
		})
	}
	t.Logf("promise T5: %d failing calls of the file system, at every one of a write: 0 without an error that names the file, 0 without the old files or the new", cases)
}

// namedBy reports whether an error is there and names one of the files.
func (sc scenario) namedBy(err error, dir string) bool {
	for name := range sc.after {
		path := filepath.Join(dir, name)
		if err != nil && (strings.HasPrefix(err.Error(), "write "+path+": ") || strings.HasPrefix(err.Error(), path+" is written, ")) {
			return true
		}
	}
	return false
}

// renamed reports whether a file got its name.
func renamed(calls []call) bool {
	for _, c := range calls {
		if _, kind := parseTemp(filepath.Base(c.to)); c.to != "" && kind == "" && !c.failed {
			return true
		}
	}
	return false
}

// within reports whether the files are all there, except temporary ones.
func within(files, dir map[string]string) bool {
	for name, text := range files {
		if !IsTemp(name) && dir[name] != text {
			return false
		}
	}
	return true
}

// A crash is the end of all calls. Whatever the last one was, the files are whole, and
// writing them again succeeds and leaves nothing else.
func TestCrashAtEveryCall(t *testing.T) {
	crashes := 0
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			_, all, _ := sc.attempt(t, 0, 0, false)
			for k := range all.calls {
				crashes++
				dir, s, err := sc.attempt(t, k, math.MaxInt, false)
				if err == nil {
					t.Errorf("no error after %q", order(s.calls[:k]))
				}
				if err := sc.whole(holds(t, dir)); err != nil {
					t.Errorf("after %q: %v", order(s.calls[:k]), err)
				}
				sc.again(t, dir)
			}
		})
	}
	t.Logf("promise T4: %d crashes, at every file operation of a write: 0 without the old files or the new", crashes)
	t.Logf("promise U3: %d crashes, at every file operation of a write: 0 that cannot be written again, 0 files that stay then", crashes)
}
