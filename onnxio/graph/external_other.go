//go:build !unix

package graph

import "os"

// nonblock is nothing here: opening a file does not wait.
const nonblock = 0

// links is not known here; one is assumed.
func links(os.FileInfo) uint64 { return 1 }
