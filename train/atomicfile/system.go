package atomicfile

import (
	"io/fs"
	"os"
)

// system is all that this package asks of the operating system. Tests put another one in
// its place that records the calls, or in which one of them fails or is the last.
type system interface {
	Create(path string, mode fs.FileMode) (file, error) // a file that is new, to write it
	Open(path string) (file, error)                     // a folder, to sync it
	Rename(old, path string) error
	RenameNew(old, path string) error // fs.ErrExist if path is taken, errors.ErrUnsupported if that cannot be asked for
	Link(old, path string) error
	Remove(path string) error
	Lstat(path string) (fs.FileInfo, error)
	ReadDir(dir string) ([]fs.DirEntry, error)
	ReadFile(path string) ([]byte, error)
}

// file is an open file of a system.
type file interface {
	Write(b []byte) (int, error)
	Chmod(mode fs.FileMode) error
	Sync() error
	Close() error
}

// disk is the system of os.
type disk struct{}

func (disk) Create(path string, mode fs.FileMode) (file, error) {
	return opened(os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode))
}

func (disk) Open(path string) (file, error)            { return opened(os.Open(path)) }
func (disk) Rename(old, path string) error             { return os.Rename(old, path) }
func (disk) RenameNew(old, path string) error          { return renameNew(old, path) }
func (disk) Link(old, path string) error               { return os.Link(old, path) }
func (disk) Remove(path string) error                  { return os.Remove(path) }
func (disk) Lstat(path string) (fs.FileInfo, error)    { return os.Lstat(path) }
func (disk) ReadDir(dir string) ([]fs.DirEntry, error) { return os.ReadDir(dir) }
func (disk) ReadFile(path string) ([]byte, error)      { return os.ReadFile(path) }

// opened keeps a nil *os.File from becoming a file.
func opened(f *os.File, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}
