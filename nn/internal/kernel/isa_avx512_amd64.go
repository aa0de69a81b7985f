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
		tall: [][]func(*convArgs){
			{conv5x1AVX512}, {conv6x1AVX512}, {conv7x1AVX512}, {conv8x1AVX512},
			{conv9x1AVX512}, {conv10x1AVX512}, {conv11x1AVX512}, {conv12x1AVX512},
		},
		grad4x3x2: []func(*gradArgs){grad4x3x2AVX512},
		grad3x3:   grad3x3AVX512,
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
	formulas: formulasAVX512, normFormulas: normFormulasAVX512,
	norms: &normKernels{
		affine: affineAVX512, grad: normGradAVX512, sums: laneSumsAVX512, moments: laneMomentsAVX512, products: laneProductsAVX512, chain: chainProductsAVX512,
		reluForward: normReluForwardAVX512, reluSums: normReluSumsAVX512, reluGrad: normReluGradAVX512,
		slopeForward: normSlopeForwardAVX512, slopeSums: normSlopeSumsAVX512, slopeGrad: normSlopeGradAVX512,
		flatSums: normFlatSumsAVX512, flatGrad: normFlatGradAVX512,
	},
	pools:   &poolKernels{maxBackward: maxPoolBackwardAVX512, averageBackward: averagePoolBackwardAVX512},
	softmax: &softmaxKernels{top: softmaxTopAVX512, exp: softmaxExpAVX512, scale: scaleLanesAVX512},
	updates: &updateKernels{
		add:                addAVX512,
		adam:               adamAVX512,
		sgd:                sgdAVX512,
		sgdPyTorch:         sgdPyTorchAVX512,
		sgdPyTorchNesterov: sgdPyTorchNesterovAVX512,
		sgdKeras:           sgdKerasAVX512,
		sgdKerasNesterov:   sgdKerasNesterovAVX512,
	},
	winograd: &winogradAVX512,
	packed: &packedKernels{
		conv1: [][]func(*packedArgs){
			{packed1x1x1AVX512, packed1x1x2AVX512, packed1x1x3AVX512, packed1x1x4AVX512, packed1x1x5AVX512, packed1x1x6AVX512, packed1x1x7AVX512, packed1x1x8AVX512},
			{packed1x2x1AVX512, packed1x2x2AVX512, packed1x2x3AVX512, packed1x2x4AVX512, packed1x2x5AVX512, packed1x2x6AVX512, packed1x2x7AVX512, packed1x2x8AVX512},
			{packed1x3x1AVX512, packed1x3x2AVX512, packed1x3x3AVX512, packed1x3x4AVX512, packed1x3x5AVX512, packed1x3x6AVX512, packed1x3x7AVX512, packed1x3x8AVX512},
		},
		conv2: [][]func(*packedArgs){
			{packed2x1x1AVX512, packed2x1x2AVX512, packed2x1x3AVX512, packed2x1x4AVX512, packed2x1x5AVX512, packed2x1x6AVX512, packed2x1x7AVX512, packed2x1x8AVX512},
			{packed2x2x1AVX512, packed2x2x2AVX512, packed2x2x3AVX512, packed2x2x4AVX512, packed2x2x5AVX512, packed2x2x6AVX512},
			{packed2x3x1AVX512, packed2x3x2AVX512, packed2x3x3AVX512, packed2x3x4AVX512},
		},
		conv4: [][]func(*packedArgs){
			{packed4x1x1AVX512, packed4x1x2AVX512, packed4x1x3AVX512, packed4x1x4AVX512, packed4x1x5AVX512, packed4x1x6AVX512},
			{packed4x2x1AVX512, packed4x2x2AVX512, packed4x2x3AVX512},
			{packed4x3x1AVX512, packed4x3x2AVX512},
		},
		depthwise: []func(*windowArgs){depthwise1AVX512, depthwise2AVX512, depthwise3AVX512, depthwise4AVX512, depthwise5AVX512, depthwise6AVX512, depthwise7AVX512, depthwise8AVX512},
		depthwise3: [2][]func(*windowArgs){
			{depthwise3s1x1AVX512, depthwise3s1x2AVX512, depthwise3s1x3AVX512, depthwise3s1x4AVX512, depthwise3s1x5AVX512, depthwise3s1x6AVX512, depthwise3s1x7AVX512, depthwise3s1x8AVX512},
			{depthwise3s2x1AVX512, depthwise3s2x2AVX512, depthwise3s2x3AVX512, depthwise3s2x4AVX512, depthwise3s2x5AVX512, depthwise3s2x6AVX512, depthwise3s2x7AVX512, depthwise3s2x8AVX512},
		},
		max: []func(*windowArgs){windowMax1AVX512, windowMax2AVX512, windowMax3AVX512, windowMax4AVX512, windowMax5AVX512, windowMax6AVX512, windowMax7AVX512, windowMax8AVX512},
		sum: []func(*windowArgs){windowSum1AVX512, windowSum2AVX512, windowSum3AVX512, windowSum4AVX512, windowSum5AVX512, windowSum6AVX512, windowSum7AVX512, windowSum8AVX512},
	},
	probes: &probeKernels{vectors: 6, peak: peakAVX512, tile: tileAVX512},

	// These move data: one form is enough for both.
	fromBytes: fromBytesAVX2,
	transpose: transposeAVX2, interleave: interleaveAVX2,
	copyRows: copyRowsAVX2,
}
