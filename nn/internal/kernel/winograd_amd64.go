//go:build !purego

package kernel

var winogradAVX512 = winogradKernels{
	input: winogradInputAVX512,
	products: []func(*winogradProductArgs){
		winogradProduct4x1AVX512, winogradProduct4x2AVX512, winogradProduct4x3AVX512, winogradProduct4x4AVX512, winogradProduct4x5AVX512, winogradProduct4x6AVX512,
	},
	output: winogradOutputAVX512,
}

var winogradAVX2 = winogradKernels{
	input: winogradInputAVX2,
	products: []func(*winogradProductArgs){
		winogradProduct4x1AVX2, winogradProduct4x2AVX2, winogradProduct4x3AVX2,
	},
	output: winogradOutputAVX2,
}
