package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// maxName is the longest name of a cell before its checksum, in bytes.
const maxName = 120

// cellName is the name of a cell's folder: "act=leaky_-0.5,lr=0.001,seed=3". Every file system
// takes it: a colon becomes an underscore, other characters that some do not take as well, and
// what could then be the name of two cells ends with a checksum of what it stands for.
func (g Grid) cellName(values []string, seed uint64) string {
	var parts []string
	for i, a := range g.Axes {
		parts = append(parts, strings.ReplaceAll(a.Setting, "_", "-")+"="+values[i])
	}
	full := strings.Join(append(parts, fmt.Sprintf("seed=%d", seed)), ",")
	exact := true
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', strings.ContainsRune("=,.+-", r):
			return r
		case r != ':':
			exact = false
		}
		return '_'
	}, full)
	if !exact || len(name) > maxName {
		sum := sha256.Sum256([]byte(full))
		end := fmt.Sprintf(",seed=%d", seed)
		name = strings.TrimSuffix(name, end)
		name = name[:min(len(name), maxName)] + "-" + hex.EncodeToString(sum[:4]) + end
	}
	return name
}
