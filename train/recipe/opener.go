package recipe

import (
	"sync"

	"github.com/gonn-toolkit/gonn/train/data"
)

// Opener opens data sets, as OpenData does.
type Opener func(name string, limit int, o data.Options) (*data.Set, error)

// Shared is an Opener for trainings in one process, also at the same time: it opens each set
// once and keeps it.
func Shared() Opener {
	type key struct {
		name    string
		limit   int
		options data.Options
	}
	var mu sync.Mutex
	sets := map[key]*data.Set{} // whole, and those with a limit, which take long to make
	return func(name string, limit int, o data.Options) (*data.Set, error) {
		mu.Lock()
		defer mu.Unlock()
		k := key{name, 0, o}
		if sets[k] == nil || limit < 0 {
			set, err := OpenData(name, min(limit, 0), o)
			if err != nil {
				return nil, err
			}
			sets[k] = set
		}
		limited := key{name, limit, o}
		if sets[limited] == nil {
			sets[limited] = sets[k].Limit(limit)
		}
		return sets[limited], nil
	}
}
