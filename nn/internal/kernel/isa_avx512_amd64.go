//go:build !purego

package kernel

var avx512 = isa{
	name:  "avx512",
	width: 16,
	tiles: tileKernels{
		conv1: []func(*convArgs){
			conv1x1AVX512, conv1x2AVX512, conv1x3AVX512, conv1x4AVX512,
			conv1x5AVX512, conv1x6AVX512, conv1x7AVX512, conv1x8AVX512,
		},
		conv4: []func(*convArgs){
			conv4x1AVX512, conv4x2AVX512, conv4x3AVX512, conv4x4AVX512, conv4x5AVX512, conv4x6AVX512,
		},
		conv5: []func(*convArgs){conv5x1AVX512},
		conv6: []func(*convArgs){conv6x1AVX512},
		grad1: []func(*gradArgs){
			grad1x1AVX512, grad1x2AVX512, grad1x3AVX512, grad1x4AVX512,
			grad1x5AVX512, grad1x6AVX512, grad1x7AVX512, grad1x8AVX512,
		},
		grad4: []func(*gradArgs){
			grad4x1AVX512, grad4x2AVX512, grad4x3AVX512, grad4x4AVX512, grad4x5AVX512, grad4x6AVX512,
		},
	},
	acts: &actKernels{
		slopeForward:         slopeForwardAVX512,
		slopeForwardEach:     slopeForwardEachAVX512,
		slopeBackward:        slopeBackwardAVX512,
		slopeBackwardSum:     slopeBackwardSumAVX512,
		slopeFlatBackward:    slopeFlatBackwardAVX512,
		slopeFlatBackwardSum: slopeFlatBackwardSumAVX512,
		swishForward:         swishForwardAVX512,
		swishForwardEach:     swishForwardEachAVX512,
		swishForwardOne:      swishForwardOneAVX512,
		swishBackward:        swishBackwardAVX512,
		swishBackwardSum:     swishBackwardSumAVX512,
		swishBackwardOne:     swishBackwardOneAVX512,
		exp:                  expAVX512,
	},
	formulas: formulasAVX512,
	norms:    &normKernels{affine: affineAVX512, grad: normGradAVX512, sums: laneSumsAVX512, squares: laneSquaresAVX512, products: laneProductsAVX512},
	softmax:  &softmaxKernels{top: softmaxTopAVX512, exp: softmaxExpAVX512, scale: scaleLanesAVX512},
	updates: &updateKernels{
		add:                addAVX512,
		adam:               adamAVX512,
		sgd:                sgdAVX512,
		sgdPyTorch:         sgdPyTorchAVX512,
		sgdPyTorchNesterov: sgdPyTorchNesterovAVX512,
		sgdKeras:           sgdKerasAVX512,
		sgdKerasNesterov:   sgdKerasNesterovAVX512,
	},
	probes: &probeKernels{vectors: 6, peak: peakAVX512, tile: tileAVX512},

	// These move data: one form is enough for both.
	fromBytes: fromBytesAVX2,
	transpose: transposeAVX2,
	copyRows:  copyRowsAVX2,
}
