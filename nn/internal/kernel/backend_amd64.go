//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// machineOps are the backends in assembly that this processor can run.
func machineOps() (list []*ops) {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		list = append(list, &avx512Ops)
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		list = append(list, &avx2Ops)
	}
	return list
}

var avx2Tiles = tiles{
	width:   8,
	updates: avx2Updates,
	conv4:   []func(*convArgs){conv4x1AVX2, conv4x2AVX2, conv4x3AVX2},
	conv1: []func(*convArgs){
		conv1x1AVX2, conv1x2AVX2, conv1x3AVX2, conv1x4AVX2,
		conv1x5AVX2, conv1x6AVX2, conv1x7AVX2, conv1x8AVX2,
	},
	conv5: []func(*convArgs){conv5x1AVX2, conv5x2AVX2},
	conv6: []func(*convArgs){conv6x1AVX2, conv6x2AVX2},
	grad4: []func(*gradArgs){grad4x1AVX2, grad4x2AVX2, grad4x3AVX2},
	grad1: []func(*gradArgs){
		grad1x1AVX2, grad1x2AVX2, grad1x3AVX2, grad1x4AVX2,
		grad1x5AVX2, grad1x6AVX2, grad1x7AVX2, grad1x8AVX2,
	},
}

var avx512Tiles = tiles{
	width:   16,
	updates: avx512Updates,
	conv4: []func(*convArgs){
		conv4x1AVX512, conv4x2AVX512, conv4x3AVX512, conv4x4AVX512, conv4x5AVX512, conv4x6AVX512,
	},
	conv1: []func(*convArgs){
		conv1x1AVX512, conv1x2AVX512, conv1x3AVX512, conv1x4AVX512,
		conv1x5AVX512, conv1x6AVX512, conv1x7AVX512, conv1x8AVX512,
	},
	conv5: []func(*convArgs){conv5x1AVX512},
	conv6: []func(*convArgs){conv6x1AVX512},
	grad4: []func(*gradArgs){
		grad4x1AVX512, grad4x2AVX512, grad4x3AVX512, grad4x4AVX512, grad4x5AVX512, grad4x6AVX512,
	},
	grad1: []func(*gradArgs){
		grad1x1AVX512, grad1x2AVX512, grad1x3AVX512, grad1x4AVX512,
		grad1x5AVX512, grad1x6AVX512, grad1x7AVX512, grad1x8AVX512,
	},
}

var (
	avx2Ops   = avx2Tiles.ops("avx2", avx2Acts, avx2Softmax.ops(), avx2Norms.norms())
	avx512Ops = avx512Tiles.ops("avx512", avx512Acts, avx512Softmax.ops(), avx512Norms.norms())
)

// ops are the kernels made of tiles, the elementwise functions, and those of softmax and of
// normalisations.
func (t *tiles) ops(name string, elementwise acts, softmax softmaxes, normalisations norms) ops {
	return ops{
		name:            name,
		acts:            elementwise,
		softmaxes:       softmax,
		norms:           normalisations,
		convForward:     t.convForward,
		convInputGrad:   t.convInputGrad,
		convWeightGrad:  t.convWeightGrad,
		denseForward:    func(y, x, w, b []float32, d *Dense) { t.convForward(y, x, w, b, d.conv) },
		denseInputGrad:  func(dx, dy, w []float32, d *Dense) { t.convInputGrad(dx, dy, w, d.conv) },
		denseWeightGrad: func(dw, db, dy, x []float32, d *Dense) { t.convWeightGrad(dw, db, dy, x, d.conv) },
		convSingle:      t.convSingle,
		denseSingle:     t.denseSingle,
		add:             t.add,
		adam:            t.adam,
		sgd:             t.sgd,
		sgdPyTorch:      t.sgdPyTorch,
		sgdKeras:        t.sgdKeras,
		fromBytes:       fromBytes,
		transpose:       transpose,
	}
}
