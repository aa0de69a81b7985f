package reference_test

import "math/bits"

// tooLarge is why a setting is refused that makes a value too large: where an int has 32
// bits the setting itself is.
var tooLarge = map[int]string{32: "must be from", 64: "more than"}[bits.UintSize]
