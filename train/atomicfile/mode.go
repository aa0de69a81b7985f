package atomicfile

import "io/fs"

// mode is the permissions that a file is to get, before the umask if they are not kept: those of
// what it replaces, else what all of the files have that it is to be like.
func (w writer) mode(path string) (mode fs.FileMode, kept bool, err error) {
	mode = 0o644
	for i, p := range append([]string{path}, w.like...) {
		info, err := w.look(p)
		if err != nil {
			return 0, false, err
		}
		if info == nil || !info.Mode().IsRegular() {
			continue
		}
		if !kept {
			mode = fs.ModePerm
		}
		mode, kept = mode&info.Mode(), true
		if i == 0 {
			break
		}
	}
	return mode, kept, nil
}
