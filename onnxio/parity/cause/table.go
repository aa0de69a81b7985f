package cause

// kind is a row of the table of causes. The order of the table decides between corrections that
// agree equally well.
type kind struct {
	name string
	// cheap tries corrections that need no fit, costly the others. Both may be nil.
	cheap, costly func(p *place)
}

var kinds = []kind{
	{"input-channels", inputChannels, nil},
	{"input-scale", inputScale, fitInputScale},
	{"softmax", outputSoftmax, nil},
	{"kernel-flipped", kernelFlipped, nil},
	{"kernel-transposed", kernelTransposed, nil},
	{"dense-transposed", denseTransposed, nil},
	{"dense-rows", denseRows, nil},
	{"slope-sign", slopeSign, nil},
	{"slope-axis", slopeAxis, nil},
	{"slope-value", slopeValue, fitSlope},
	{"batchnorm-epsilon", batchNormEps, fitBatchNormEps},
	{"batchnorm-parameters", batchNormParams, nil},
	{"bias", biasScaled, fitBias},
	{"pool", poolKind, nil},
	{"padding", padding, nil},
	{"stride", stride, nil},
	{"dilation", dilation, nil},
	{"activation", otherActivation, missingActivation},
	{"residual-missing", residualUnplaced, residualMissing},
	{"channels-permuted", channelsPermuted, fitChannels},
}
