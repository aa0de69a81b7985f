package bundle_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/train/bundle"
	"github.com/gonn-toolkit/gonn/train/data/hostiletest"
)

// An accepted bundle gives the step that was written, or the description says otherwise.
func TestHostileChild(t *testing.T) {
	hostiletest.Serve(t, func(path string) (accepted bool, wrong error) {
		b, err := bundle.Open(path)
		if err != nil {
			return false, nil
		}
		defer b.Close()
		s, err := b.Step(0)
		if err != nil {
			return false, nil
		}
		if !slices.Equal(s.X.Data, []float32{3, 4}) || s.Loss != 0.5 {
			return true, fmt.Errorf("the step is %v with loss %v", s.X.Data, s.Loss)
		}
		for name, g := range s.Grad {
			if !slices.Equal(g, []float32{1, 2}) {
				return true, fmt.Errorf("the gradient of %q is %v", name, g)
			}
		}
		return true, nil
	})
}

func TestHostileBundles(t *testing.T) {
	n := hostiletest.Number(20, 100)
	size := hostiletest.Number(3_000_000, 30_000_000)
	var paths []string
	for i, file := range []string{bundle.DescriptionFile, bundle.StepsFile} {
		whole, err := os.ReadFile(filepath.Join(small(t, nil), file))
		if err != nil {
			t.Fatal(err)
		}
		damaged := hostiletest.Mutations(uint64(i), n, whole, nil)
		if file == bundle.DescriptionFile {
			for name, part := range map[string]string{"parameters": "{}", "batch_norm": "{}", "dropout": "{}"} {
				damaged[name] = []byte(`{"format":1,"` + name + `":[{}` + strings.Repeat(","+part, size/(len(part)+1)) + `],"bad":1}`)
			}
		}
		for _, how := range slices.Sorted(maps.Keys(damaged)) {
			dir := small(t, nil)
			if err := os.WriteFile(filepath.Join(dir, file), damaged[how], 0o666); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, dir)
		}
	}
	hostiletest.Report(t, "bundles", hostiletest.ReadPaths(t, paths))
}
