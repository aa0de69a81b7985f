package graph

import "syscall"

// largeFile lets 32-bit Linux open a file of 2 GiB and more, as os.Open does by itself and
// os.Root.OpenFile does not.
const largeFile = syscall.O_LARGEFILE
