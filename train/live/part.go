package live

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// part is a part of the state, which is replaced as a whole. It does not change, so that
// clients need no lock to write it.
type part struct {
	name  string
	value any
	once  sync.Once
	text  []byte
}

// event is the part as a server-sent event. It is encoded when the first client wants it.
func (p *part) event() []byte {
	p.once.Do(func() {
		data, err := json.Marshal(p.value)
		if err != nil {
			panic(err) // a type of ours that JSON does not have
		}
		p.text = fmt.Appendf(nil, "event: %s\ndata: %s\n\n", p.name, data)
	})
	return p.text
}

// number is a float64 that is null in JSON where it is NaN or infinite, and has the digits
// that a chart needs.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if v := float64(n); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return fmt.Appendf(nil, "%.6g", v), nil
	}
	return []byte("null"), nil
}
