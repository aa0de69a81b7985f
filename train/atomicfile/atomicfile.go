// Package atomicfile replaces files so that a crash, a full disk or a reader at the
// same time sees the old content or the new, never a part.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File is the path of a file and the content that it is to get.
type File struct {
	Path string
	Data []byte
}

// Write makes data the content of the file at path, which need not exist. It writes a
// temporary file beside it, brings that to the disk, renames it, and brings the folder
// to the disk. After an error the temporary file is gone and the old one is as it was; only
// if the folder fails to reach the disk it may hold the new content already.
//
// A file that is replaced keeps its permissions. Only regular files are replaced: a device or a
// symbolic link is an error.
func Write(path string, data []byte) error { return WriteAll(File{path, data}) }

// WriteLike is Write, but a file that is not there yet gets the permissions of the one at like, if
// that is there.
func WriteLike(path string, data []byte, like string) error {
	return writer{sys: disk{}, like: []string{like}}.replace([]File{{path, data}})
}

// WriteNew is Write for a file that must not exist yet; if it does, the error is an
// *ExistsError, and so it is for one of two callers at the same time.
func WriteNew(path string, data []byte) error { return WriteAllNew(File{path, data}) }

// WriteAll is Write for several files, in their order. Until the content of all is on the
// disk nothing is touched; then each gets its name on the disk before the next. A crash in
// this moment leaves some old and some new files, each of them whole.
func WriteAll(files ...File) error { return writer{sys: disk{}}.replace(files) }

// WriteAllNew is WriteAll for files none of which may exist yet; if one does, the error is
// an *ExistsError and nothing is changed. What a crash leaves of them, some of the files with
// the same content, does not count. None is ever there without its content.
func WriteAllNew(files ...File) error { return writer{sys: disk{}}.create(files) }

// ExistsError says that a file is there which must not be overwritten. It is an
// fs.ErrExist.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string { return "write " + e.Path + ": the file exists" }

func (e *ExistsError) Unwrap() error { return fs.ErrExist }

// failed is the error of writing the file at path. The path that os puts in front of the
// reason may be that of a temporary file.
func (w writer) failed(path string, err error) error {
	if exists := (*ExistsError)(nil); errors.As(err, &exists) {
		return err
	}
	if _, kind := parseTemp(filepath.Base(path)); kind == stagedSuffix {
		path = w.owner
	}
	return fmt.Errorf("write %s: %w", path, cause(err))
}

// cause is the bare reason of an error of os.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
