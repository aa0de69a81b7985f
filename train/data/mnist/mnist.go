// Package mnist embeds the MNIST handwritten digits (Yann LeCun, Corinna
// Cortes, Christopher J.C. Burges): 60,000 for training and 10,000 for testing,
// grey, 28 × 28, ten classes. It adds 11 MB to a program; package data does not
// import it. ATTRIBUTION.md tells where the files come from.
package mnist

import (
	"embed"
	"sync"

	"github.com/gonn-toolkit/gonn/train/data"
)

//go:embed *-ubyte.gz
var files embed.FS

var (
	train = sync.OnceValues(func() (*data.Images, error) { return data.ReadIDX(files, "train") })
	test  = sync.OnceValues(func() (*data.Images, error) { return data.ReadIDX(files, "t10k") })
)

// Train is the 60,000 digits for training, (1, 28, 28): 0 is the background,
// 255 the ink. They are unpacked once, at the first call.
func Train() (*data.Images, error) { return train() }

// Test is the 10,000 digits for testing, in the form of Train.
func Test() (*data.Images, error) { return test() }
