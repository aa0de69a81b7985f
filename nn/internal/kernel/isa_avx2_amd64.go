//go:build !purego

package kernel

var avx2 = isa{
	name:  "avx2",
	width: 8,
	tiles: tileKernels{
		conv1: []func(*convArgs){
			conv1x1AVX2, conv1x2AVX2, conv1x3AVX2, conv1x4AVX2,
			conv1x5AVX2, conv1x6AVX2, conv1x7AVX2, conv1x8AVX2,
		},
		conv4: []func(*convArgs){conv4x1AVX2, conv4x2AVX2, conv4x3AVX2},
		tall: [][]func(*convArgs){
			{conv5x1AVX2, conv5x2AVX2}, {conv6x1AVX2, conv6x2AVX2},
		},
		grad3x3: grad3x3AVX2,
		grad1: []func(*gradArgs){
			grad1x1AVX2, grad1x2AVX2, grad1x3AVX2, grad1x4AVX2,
			grad1x5AVX2, grad1x6AVX2, grad1x7AVX2, grad1x8AVX2,
		},
		grad4: []func(*gradArgs){grad4x1AVX2, grad4x2AVX2, grad4x3AVX2},
	},
	acts: &actKernels{
		slopeForward:         slopeForwardAVX2,
		slopeForwardEach:     slopeForwardEachAVX2,
		slopeBackward:        slopeBackwardAVX2,
		slopeBackwardSum:     slopeBackwardSumAVX2,
		slopeFlatBackward:    slopeFlatBackwardAVX2,
		slopeFlatBackwardSum: slopeFlatBackwardSumAVX2,
		swishForward:         swishForwardAVX2,
		swishForwardEach:     swishForwardEachAVX2,
		swishForwardOne:      swishForwardOneAVX2,
		swishBackward:        swishBackwardAVX2,
		swishBackwardSum:     swishBackwardSumAVX2,
		swishBackwardOne:     swishBackwardOneAVX2,
		exp:                  expAVX2,
	},
	formulas: formulasAVX2, normFormulas: normFormulasAVX2,
	norms: &normKernels{
		affine: affineAVX2, grad: normGradAVX2, sums: laneSumsAVX2, moments: laneMomentsAVX2, products: laneProductsAVX2, chain: chainProductsAVX2,
		reluForward: normReluForwardAVX2, reluSums: normReluSumsAVX2, reluGrad: normReluGradAVX2,
		slopeForward: normSlopeForwardAVX2, slopeSums: normSlopeSumsAVX2, slopeGrad: normSlopeGradAVX2,
		flatSums: normFlatSumsAVX2, flatGrad: normFlatGradAVX2,
	},
	pools:   &poolKernels{maxBackward: maxPoolBackwardAVX2, averageBackward: averagePoolBackwardAVX2},
	softmax: &softmaxKernels{top: softmaxTopAVX2, exp: softmaxExpAVX2, scale: scaleLanesAVX2},
	updates: &updateKernels{
		add:                addAVX2,
		adam:               adamAVX2,
		sgd:                sgdAVX2,
		sgdPyTorch:         sgdPyTorchAVX2,
		sgdPyTorchNesterov: sgdPyTorchNesterovAVX2,
		sgdKeras:           sgdKerasAVX2,
		sgdKerasNesterov:   sgdKerasNesterovAVX2,
	},
	winograd: &winogradAVX2,
	packed: &packedKernels{
		conv1: [][]func(*packedArgs){
			{packed1x1x1AVX2, packed1x1x2AVX2, packed1x1x3AVX2, packed1x1x4AVX2, packed1x1x5AVX2, packed1x1x6AVX2},
			{packed1x2x1AVX2, packed1x2x2AVX2, packed1x2x3AVX2},
			{packed1x3x1AVX2, packed1x3x2AVX2},
		},
		depthwise: []func(*windowArgs){depthwise1AVX2, depthwise2AVX2, depthwise3AVX2, depthwise4AVX2},
		max:       []func(*windowArgs){windowMax1AVX2, windowMax2AVX2, windowMax3AVX2, windowMax4AVX2},
		sum:       []func(*windowArgs){windowSum1AVX2, windowSum2AVX2, windowSum3AVX2, windowSum4AVX2},
	},
	probes: &probeKernels{vectors: 3, peak: peakAVX2, tile: tileAVX2},

	fromBytes: fromBytesAVX2,
	transpose: transposeAVX2, interleave: interleaveAVX2,
	copyRows: copyRowsAVX2,
}
