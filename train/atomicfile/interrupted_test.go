package atomicfile

import (
	"errors"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// A Save that was killed between its files can be repeated with other content, wherever the
// repetition is killed too. A file that it has not written is never replaced.
func TestSaveAfterOneKilledBetweenTheFiles(t *testing.T) {
	half := map[string]string{"a": "older", ".a.lock": "1\n", ".b.0badcafe.tmp": "older", ".b.lock": "1\n"}
	without := func(name, add string) map[string]string {
		files := maps.Clone(half)
		delete(files, name)
		if add != "" {
			files[add] = "mine"
		}
		return files
	}
	for _, c := range []struct {
		name   string
		before map[string]string
		taken  bool
	}{
		{"between the files", half, true},
		{"before the first file, one of somebody else is there", without("", ".a.0badcafe.tmp"), false},
		{"in writing another file, this one was finished", without(".a.lock", ""), false},
		{"both files are there", without("", "b"), false},
		{"nothing is left but the file", map[string]string{"a": "older"}, false},
	} {
		dir := folder(t, c.before)
		a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
		if got := Interrupted(a, b); got != c.taken {
			t.Errorf("%s: interrupted is %t", c.name, got)
		}
		if err := Save(false, files(dir, "a", "b")...); (err == nil) != c.taken || err != nil && !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if got := holds(t, dir); c.taken != maps.Equal(got, twoNew) || !c.taken && got["a"] != "older" {
			t.Errorf("%s: the folder holds %v", c.name, got)
		}
	}
	save := scenario{before: half, after: twoNew, write: func(w writer, dir string) error { return w.save(false, files(dir, "a", "b")) }}
	_, all, _ := save.attempt(t, 0, 0, false)
	for k := range all.calls {
		dir, _, err := save.attempt(t, k, math.MaxInt, false)
		if err == nil {
			t.Errorf("no error after %q", order(all.calls[:k]))
		}
		for _, lock := range []string{".a.lock", ".b.lock"} { // as a kill leaves them
			if err := os.WriteFile(filepath.Join(dir, lock), []byte("1\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		save.again(t, dir)
	}
}
