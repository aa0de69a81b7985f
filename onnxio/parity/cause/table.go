package cause

// kind is a row of the table of causes. The order of the table decides between corrections that
// agree equally well.
type kind struct {
	name string
	// cheap tries corrections that need a pass each, search those that are many, fit those with
	// unknown numbers, and order those with unknown orders of channels. Each is tried at all
	// places before the next. They may be nil.
	cheap, search, fit, order func(p *place)
}

var kinds = []kind{
	{name: "input-channels", cheap: inputChannels},
	{name: "input-scale", cheap: inputScale, fit: fitInputScale},
	{name: "softmax", cheap: outputSoftmax},
	{name: "kernel-flipped", cheap: kernelFlipped},
	{name: "kernel-transposed", cheap: kernelTransposed},
	{name: "dense-transposed", cheap: denseTransposed},
	{name: "dense-rows", cheap: denseRows},
	{name: "slope-sign", cheap: slopeSign},
	{name: "slope-axis", cheap: slopeAxis, order: slopeSwaps},
	{name: "slope-value", cheap: slopeValue, fit: fitSlope},
	{name: "batchnorm-epsilon", cheap: batchNormEps, fit: fitBatchNormEps},
	{name: "batchnorm-parameters", cheap: batchNormParams},
	{name: "bias", cheap: biasScaled, fit: fitBias},
	{name: "pool", cheap: poolKind},
	{name: "padding", cheap: padding},
	{name: "stride", cheap: stride, search: strideExchanged},
	{name: "dilation", cheap: dilation},
	{name: "activation", cheap: otherActivation, search: missingActivation},
	{name: "residual-missing", cheap: residualRecorded, search: residualMissing},
	{name: "concat-order", cheap: concatOrder},
	{name: "channels-permuted", cheap: channelsPermuted, order: orderChannels},
	{name: "layer-missing", order: layerMissing},
}

// rounds are the columns of the table, in the order in which they are tried.
var rounds = []func(kind) func(p *place){
	func(k kind) func(p *place) { return k.cheap },
	func(k kind) func(p *place) { return k.search },
	func(k kind) func(p *place) { return k.fit },
	func(k kind) func(p *place) { return k.order },
}

// TrainingMode is the kind of a cause that is no correction: the reference was recorded in training
// mode. Package parity finds it.
const TrainingMode = "training-mode"

// Kinds are all values of Cause.Kind.
func Kinds() []string {
	return []string{
		"kernel-flipped", "kernel-transposed", "channels-permuted", "dense-rows", "dense-transposed",
		"slope-sign", "slope-axis", "slope-value", "batchnorm-epsilon", "batchnorm-parameters", "padding",
		"bias-missing", "bias-doubled", "bias-sign", "bias-extra", "bias-other", "activation", "activation-missing",
		"softmax-missing", "softmax-extra", "softmax-twice", "softmax-other", "input-channels", "input-scale",
		"pool", "stride", "dilation", "residual-missing", "concat-order", "layer-missing", "weights-rounded", "weights-other", TrainingMode,
	}
}
