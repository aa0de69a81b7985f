//go:build !race

package hostiletest

// counted reports whether memory is held to a limit: the race detector takes a multiple.
const counted = true
