//go:build linux || darwin

package atomicfile

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"
)

// What is renamed has been synced, and then the folder, before anything depends on it.
func TestOrderOfCalls(t *testing.T) {
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			dir, s, err := sc.attempt(t, 0, 0, false)
			if err != nil {
				t.Fatal(err)
			}
			if got := order(s.calls); sc.order != nil && !slices.Equal(got, sc.order) {
				t.Errorf("the calls are\n%q, want\n%q", got, sc.order)
			}
			if got := holds(t, dir); !maps.Equal(got, sc.after) {
				t.Errorf("the folder holds %v, want %v", got, sc.after)
			}
		})
	}
}

// A loss of power may lose the content of a file that has not been synced, and each
// creation, renaming and removal since the folder was: any of them, in any order. Whatever
// is lost, at any moment, the files are whole.
func TestPowerLossAtEveryCall(t *testing.T) {
	states := 0
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			_, s, err := sc.attempt(t, 0, 0, false)
			if err != nil {
				t.Fatal(err)
			}
			for n := range len(s.calls) + 1 {
				v := play(sc.before, s.calls[:n])
				if len(v.pending) > 12 {
					t.Fatalf("%d changes of a folder without a sync", len(v.pending))
				}
				for kept := range 1 << len(v.pending) {
					states++
					if err := sc.whole(v.after(kept)); err != nil {
						t.Fatalf("after %q, of %d changes %b kept: %v", order(s.calls[:n]), len(v.pending), kept, err)
					}
				}
			}
		})
	}
	t.Logf("promise T4: %d losses of power, with every choice of what had not reached the disk: 0 without the old files or the new", states)
}

// volume is a folder as a disk keeps it.
type volume struct {
	now, kept map[string]*inode // by name, for the system and on the disk
	pending   []func(map[string]*inode)
}

// inode is a file, whatever its names.
type inode struct{ written, kept string }

// play gives the volume after some calls.
func play(before map[string]string, calls []call) *volume {
	v := &volume{now: map[string]*inode{}, kept: map[string]*inode{}}
	for name, text := range before {
		v.now[name] = &inode{text, text}
	}
	maps.Copy(v.kept, v.now)
	for _, c := range calls {
		if c.failed {
			continue
		}
		name, to := filepath.Base(c.path), filepath.Base(c.to)
		switch f := v.now[name]; c.kind {
		case "create":
			f = &inode{}
			v.change(func(dir map[string]*inode) { dir[name] = f })
		case "write":
			f.written += string(c.data)
		case "sync":
			f.kept = f.written
		case "link":
			v.change(func(dir map[string]*inode) { dir[to] = f })
		case "rename", "rename-new":
			v.change(func(dir map[string]*inode) { delete(dir, name); dir[to] = f })
		case "remove":
			v.change(func(dir map[string]*inode) { delete(dir, name) })
		case "sync-folder":
			v.kept, v.pending = maps.Clone(v.now), nil
		}
	}
	return v
}

func (v *volume) change(f func(map[string]*inode)) {
	f(v.now)
	v.pending = append(v.pending, f)
}

// after are the files after a loss of power, with those of the pending changes that are kept.
func (v *volume) after(kept int) map[string]string {
	dir := maps.Clone(v.kept)
	for i, change := range v.pending {
		if kept>>i&1 == 1 {
			change(dir)
		}
	}
	files := map[string]string{}
	for name, f := range dir {
		files[name] = f.kept
	}
	return files
}
