package data

import (
	"errors"
	"io/fs"
	"os"

	"github.com/gonn-toolkit/gonn/train/internal/regular"
)

// openRegular opens a file for reading and gives its size.
func openRegular(path string) (*os.File, int64, error) { return regular.Open(path, MaxBytes) }

// reason is a file error without its path, which the message has already.
func reason(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}
