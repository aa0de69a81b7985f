package run

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
)

// findDepth is how many folders deep Find looks: a sweep's cells are two below that of sweeps.
const findDepth = 4

// Find lists the folders of runs below root, or root itself if it is one, in the order of their
// names. It looks a few folders deep, not into runs and not into folders whose names begin with a
// dot. A folder that cannot be listed is among them: reading it says why.
func Find(root string) ([]string, error) {
	if isRun(root) {
		return []string{root}, nil
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, cmp.Or(checkRoot(root), err)
	}
	return find(root, entries, findDepth), nil
}

func find(root string, entries []os.DirEntry, depth int) (dirs []string) {
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		link := e.Type()&os.ModeSymlink != 0 // which may lead in circles
		switch {
		case strings.HasPrefix(e.Name(), ".") || !e.IsDir() && !link:
		case isRun(dir):
			dirs = append(dirs, dir)
		case depth > 1 && !link:
			below, err := os.ReadDir(dir)
			if err != nil {
				dirs = append(dirs, dir)
				continue
			}
			dirs = append(dirs, find(dir, below, depth-1)...)
		}
	}
	return dirs
}

// isRun reports whether a folder has something by the name of run.json.
func isRun(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, recordFile))
	return err == nil
}
