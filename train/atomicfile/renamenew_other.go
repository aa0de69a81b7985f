//go:build !linux && !darwin && !windows

package atomicfile

import "errors"

// renameNew would be os.Rename to a name that must not be taken.
func renameNew(_, _ string) error { return errors.ErrUnsupported }
