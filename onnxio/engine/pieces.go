package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// InPieces lets a session of a model whose file fixes the batch take any other: it feeds
// pieces of the fixed size, the last one filled up with zeros, and joins the results along
// their first axis. Where the file leaves the batch open it is s itself.
func InPieces(s Session, m *graph.Model) Session {
	if size := fixedBatch(m.Graph.Feeds()); size > 0 {
		return &pieces{s, size}
	}
	return s
}

// fixedBatch is the first axis of all inputs, 0 if it is not the same known size for all.
func fixedBatch(feeds []*graph.Value) int64 {
	var size int64
	for i, v := range feeds {
		if !v.HasShape || len(v.Shape) == 0 || !v.Shape[0].Known() || i > 0 && v.Shape[0].Size != size {
			return 0
		}
		size = v.Shape[0].Size
	}
	return size
}

// maxPiece is the largest number of elements that an input of one piece may have: 256 MiB,
// and twice that where it is computed. The size is the file's claim.
const maxPiece = 1 << 26

type pieces struct {
	Session
	size int64 // of a piece
}

func (p *pieces) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	count, ok := batchOf(inputs)
	if !ok || int64(count) == p.size { // what cannot be cut is the session's to refuse
		return p.Session.Run(inputs)
	}
	for name, x := range inputs {
		if int64(len(x.Data)/count) > maxPiece/p.size {
			return nil, fmt.Errorf("input %q: the file fixes the batch at %d, which has more than %d elements", name, p.size, maxPiece)
		}
	}
	size, joined := int(p.size), map[string]*nn.Tensor{}
	for first := 0; first < count; first += size {
		part := map[string]*nn.Tensor{}
		for name, x := range inputs {
			part[name] = cut(x, first, size)
		}
		out, err := p.run(part, min(size, count-first))
		if err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(out)) {
			y := out[name]
			if len(y.Shape) == 0 || y.Shape[0] != size {
				return nil, fmt.Errorf("output %q has shape %v for a batch of %d, which the file fixes: results of more than one batch cannot be joined",
					name, nn.Shape(y.Shape), size)
			}
			if joined[name] == nil {
				joined[name] = nn.NewTensor(append([]int{count}, y.Shape[1:]...)...)
			}
			for i := first; i < min(first+size, count); i++ {
				copy(joined[name].Sample(i), y.Sample(i-first))
			}
		}
	}
	return joined, nil
}

// run is a run of one piece in which so many samples count.
func (p *pieces) run(part map[string]*nn.Tensor, samples int) (map[string]*nn.Tensor, error) {
	if s, ok := p.Session.(*evaluation); ok {
		return s.runSamples(part, samples)
	}
	return p.Session.Run(part)
}

// batchOf is the number of samples of all inputs, if it is one number.
func batchOf(inputs map[string]*nn.Tensor) (count int, ok bool) {
	for _, x := range inputs {
		if len(x.Shape) == 0 || nn.Shape(x.Shape).Size() != len(x.Data) || ok && x.Shape[0] != count {
			return 0, false
		}
		count, ok = x.Shape[0], true
	}
	return count, ok && count > 0
}

// cut is size samples of x from number first on, zeros beyond its last.
func cut(x *nn.Tensor, first, size int) *nn.Tensor {
	y := nn.NewTensor(append([]int{size}, x.Shape[1:]...)...)
	for i := first; i < min(first+size, x.Shape[0]); i++ {
		copy(y.Sample(i-first), x.Sample(i))
	}
	return y
}
