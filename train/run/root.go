package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// checkRoot is an error if a folder of runs is a link that leads nowhere, or has something else in
// the place of the file latest. One that is not there is right.
func checkRoot(root string) error {
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		if to, err := os.Readlink(root); err == nil {
			return fmt.Errorf("%s is a link to %s, which is not there: make that folder, or remove the link", root, to)
		}
		return nil
	}
	path := filepath.Join(root, latestFile)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file, in which gonn keeps the name of the newest run: move it away", path)
	}
	return nil
}
