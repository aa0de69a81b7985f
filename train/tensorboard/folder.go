package tensorboard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Names of event files are events.out.tfevents.SECONDS.gonn. TensorBoard takes every file with
// "tfevents" in its name, in the order of names: seconds since 1970 have ten digits.
const (
	namePrefix = "events.out.tfevents."
	nameSuffix = ".gonn"
)

func fileName(seconds int64) string {
	return fmt.Sprintf("%s%010d%s", namePrefix, max(seconds, 0), nameSuffix)
}

// parseName gives the seconds in the name of an event file; ok is false for other files.
func parseName(name string) (seconds int64, ok bool) {
	digits, isEvents := strings.CutPrefix(name, namePrefix)
	digits, isOurs := strings.CutSuffix(digits, nameSuffix)
	n, err := strconv.ParseUint(digits, 10, 63)
	return int64(n), isEvents && isOurs && err == nil && len(digits) == 10
}

// eventFiles are the names of the event files that gonn has written to a folder, from the
// earliest. A folder that is not there has none.
func eventFiles(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if _, ok := parseName(e.Name()); ok && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// newFile makes an event file in a folder, with a name that comes after those of the others, and
// the folder if it is not there.
func newFile(dir string, now time.Time) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	names, err := eventFiles(dir)
	if err != nil {
		return nil, err
	}
	seconds := now.Unix()
	if len(names) > 0 {
		last, _ := parseName(names[len(names)-1])
		seconds = max(seconds, last+1)
	}
	for {
		path := filepath.Join(dir, fileName(seconds))
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
		seconds++ // something else has that name
	}
}
