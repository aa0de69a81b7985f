package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
)

// call is one call of a system.
type call struct {
	kind, path, to string
	data           []byte // that a write brings
	failed         bool
}

// traced is the disk with a record of what is asked of it. from is the first call that is not
// made but fails, and to the first behind it that is made again.
type traced struct {
	disk
	calls            []call
	from, to         int
	open             int  // files and folders
	short            bool // a write that fails writes one half
	noRename, noLink bool // what the file system cannot do
}

func (s *traced) do(c call, f func() error) (err error) {
	n := len(s.calls)
	s.calls = append(s.calls, c)
	if n >= s.from && n < s.to {
		err = &fs.PathError{Op: c.kind, Path: c.path, Err: syscall.EIO}
	} else {
		err = f()
	}
	s.calls[n].failed = err != nil
	return err
}

func (s *traced) Create(path string, mode fs.FileMode) (f file, err error) {
	err = s.do(call{kind: "create", path: path}, func() error { f, err = s.disk.Create(path, mode); return err })
	if err != nil {
		return nil, err
	}
	s.open++
	return &tracedFile{f, s, path, ""}, nil
}

func (s *traced) Open(path string) (f file, err error) {
	err = s.do(call{kind: "open-folder"}, func() error { f, err = s.disk.Open(path); return err })
	if err != nil {
		return nil, err
	}
	s.open++
	return &tracedFile{f, s, "", "-folder"}, nil
}

func (s *traced) Rename(old, path string) error {
	return s.do(call{kind: "rename", path: old, to: path}, func() error { return s.disk.Rename(old, path) })
}

func (s *traced) RenameNew(old, path string) error {
	if s.noRename {
		return &fs.PathError{Op: "renameat2", Path: path, Err: errors.ErrUnsupported}
	}
	return s.do(call{kind: "rename-new", path: old, to: path}, func() error { return s.disk.RenameNew(old, path) })
}

func (s *traced) Link(old, path string) error {
	if s.noLink {
		return &fs.PathError{Op: "link", Path: path, Err: syscall.EPERM}
	}
	return s.do(call{kind: "link", path: old, to: path}, func() error { return s.disk.Link(old, path) })
}

func (s *traced) Remove(path string) error {
	return s.do(call{kind: "remove", path: path}, func() error { return s.disk.Remove(path) })
}

func (s *traced) Lstat(path string) (info fs.FileInfo, err error) {
	err = s.do(call{kind: "lstat", path: path}, func() error { info, err = s.disk.Lstat(path); return err })
	return info, err
}

func (s *traced) ReadDir(dir string) (entries []fs.DirEntry, err error) {
	err = s.do(call{kind: "read-folder"}, func() error { entries, err = s.disk.ReadDir(dir); return err })
	return entries, err
}

func (s *traced) ReadFile(path string) (b []byte, err error) {
	err = s.do(call{kind: "read", path: path}, func() error { b, err = s.disk.ReadFile(path); return err })
	return b, err
}

// tracedFile is an open file, or folder, of a traced system.
type tracedFile struct {
	file
	s    *traced
	path string
	of   string
}

func (f *tracedFile) Write(b []byte) (n int, err error) {
	err = f.s.do(call{kind: "write", path: f.path, data: b}, func() error { n, err = f.file.Write(b); return err })
	if err != nil && f.s.short {
		n, _ = f.file.Write(b[:len(b)/2])
		return n, nil
	}
	return n, err
}

// Sync takes no time: what it is for is played, not tried.
func (f *tracedFile) Sync() error {
	return f.s.do(call{kind: "sync" + f.of, path: f.path}, func() error { return nil })
}

// Close always closes, for a process has only so many files.
func (f *tracedFile) Close() error {
	f.s.open--
	err := f.file.Close()
	return f.s.do(call{kind: "close" + f.of, path: f.path}, func() error { return err })
}

// order is what was done to the folder, in which temporary files are numbered.
func order(calls []call) []string {
	names := map[string]string{}
	var lines []string
	for _, c := range calls {
		line := c.kind
		switch c.kind {
		case "lstat", "read-folder", "read", "open-folder", "close-folder":
			continue
		}
		for _, path := range []string{c.path, c.to} {
			name := filepath.Base(path)
			if of, kind := parseTemp(name); of != "" {
				if names[name] == "" {
					names[name] = fmt.Sprintf("%s%d", kind[1:], len(names)+1)
				}
				name = names[name]
			}
			if path != "" {
				line += " " + name
			}
		}
		lines = append(lines, line)
	}
	return lines
}
