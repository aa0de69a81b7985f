package kernel

import "sync"

// goNormFormulas are the Go loops of all rows.
func goNormFormulas() (list []normFormula) {
	for _, f := range append(goFormulas(), formula{
		forward:  func(y, x, _ []float32) { swishForwardGo(y, x, one) },
		backward: func(dx, dy, x, _ []float32) { swishBackwardGo(dx, dy, x, one, nil) },
	}) {
		row := normFormula{
			forward: func(y, x, a []float32, n NormAct) {
				affineGo(y, x, n.Mean, n.Scale, n.Shift)
				f.forward(y, y, a)
			},
			backward: normBackwardGo(f.backward),
		}
		if f.backwardKeras != nil {
			row.backwardKeras = normBackwardGo(f.backwardKeras)
		}
		list = append(list, row)
	}
	return list
}

// one is β of swish.
var one = []float32{1}

// normChunkPool has memory for normalised values.
var normChunkPool = sync.Pool{New: func() any { return new([normChunk]float32) }}

func normBackwardGo(f func(dx, dy, x, a []float32)) func(dz, dy, x, a []float32, n NormAct) {
	return func(dz, dy, x, a []float32, n NormAct) {
		chunk := normChunkPool.Get().(*[normChunk]float32)
		defer normChunkPool.Put(chunk)
		for len(x) > 0 {
			k := min(normChunk, len(x))
			affineGo(chunk[:k], x[:k], n.Mean, n.Scale, n.Shift)
			f(dz[:k], dy[:k], chunk[:k], a)
			dz, dy, x = dz[k:], dy[k:], x[k:]
		}
	}
}
