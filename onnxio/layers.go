package onnxio

// layers is the table of layers that have ONNX forms. Activations have a table of
// their own.
var layers = []*LayerFormat{
	&convFormat,
	&convTransposeFormat,
	&denseFormat,
	&batchNormFormat,
	&rescalingFormat,
	&dropoutFormat,
	&flattenFormat,
	&reshapeFormat,
	&softmaxFormat,
	&logSoftmaxFormat,
	&maxPoolFormat,
	&averagePoolFormat,
	&globalMaxPoolFormat,
	&globalAveragePoolFormat,
	&padFormat,
	&addFormat,
	&mulFormat,
	&concatFormat,
}

// ints converts for attributes.
func ints(v ...int) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		out[i] = int64(x)
	}
	return out
}
