package study

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
	"github.com/gonn-toolkit/gonn/train/plot"
)

// keptOf are claims that are measured without trainings, whose files are damaged.
var keptOf = []*Claim{functions, vanishing, start}

// errMeasures says that a file is none of the numbers that are asked for.
var errMeasures = errors.New("it would be measured")

// A finding of which a file is accepted is told and drawn. The folder of a lab holds one.
func TestHostileChild(t *testing.T) {
	hostiletest.Serve(t, func(path string) (accepted bool, wrong error) {
		l := NewLab(path, tiny)
		for _, c := range keptOf {
			if _, err := os.Lstat(l.keptPath(c.Name)); err != nil {
				continue
			}
			f, err := l.finding(c, func() (numbers, error) { return nil, errMeasures })
			if err != nil {
				return false, nil
			}
			for _, p := range f.Figures {
				if _, err := p.SVG(plot.Light); err != nil {
					return false, nil
				}
			}
		}
		return true, nil
	})
}

func TestHostileFindings(t *testing.T) {
	root := t.TempDir()
	good := NewLab(filepath.Join(root, "good"), tiny)
	var paths []string
	lab := func(name string, c *Claim) *Lab {
		l := NewLab(filepath.Join(root, name), tiny)
		if err := os.MkdirAll(filepath.Dir(l.keptPath(c.Name)), 0o777); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, l.Dir)
		return l
	}
	for i, c := range keptOf {
		if _, err := good.Measure(context.Background(), c); err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(good.keptPath(c.Name))
		if err != nil {
			t.Fatal(err)
		}
		damaged := hostiletest.Mutations(uint64(i), hostiletest.Number(20, 150), whole, nil)
		at := bytes.Index(whole, []byte(`"numbers": {`)) + len(`"numbers": `)
		for name, part := range map[string]string{"arrays": "[]", "objects": "{}", "numbers": "1", "nested": ""} {
			text := "[" + strings.Repeat(part+",", maxKept/(len(part)+1)-1000) + "0]"
			if part == "" {
				text = strings.Repeat("[", maxKept/4) + strings.Repeat("]", maxKept/4)
			}
			damaged["of many "+name] = append(bytes.Clone(whole[:at]), text+"}"...)
		}
		damaged["above the limit"] = append(bytes.Clone(whole), bytes.Repeat([]byte(" "), maxKept)...)
		for _, how := range slices.Sorted(maps.Keys(damaged)) {
			l := lab(c.Name+" "+how, c)
			if err := os.WriteFile(l.keptPath(c.Name), damaged[how], 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, put := range map[string]func(path string) error{
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o666) },
		"device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"folder": func(path string) error { return os.Mkdir(path, 0o777) },
		"loop":   func(path string) error { return os.Symlink(filepath.Base(path), path) },
	} {
		c := keptOf[0]
		if err := put(lab(name, c).keptPath(c.Name)); err != nil {
			t.Fatal(err)
		}
	}
	hostiletest.Report(t, "findings of the study", hostiletest.ReadPaths(t, paths))
}
