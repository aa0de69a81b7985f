//go:build unix

package regular

import "syscall"

// nonblock makes opening a pipe return at once, which otherwise waits for a writer.
const nonblock = syscall.O_NONBLOCK
