package kernel

// formulas are the activations with at most one fixed parameter: a row each, whose Go loops
// are the specification. _asm/formula_acts.go describes their vector kernels by the same
// names; a row without one there runs as Go loops.
var formulas = []struct {
	name  string
	param bool // there is a parameter
	formula
}{
	{"relu", false, formula{forward: reluForwardGo, backward: reluBackwardGo}},
	{"sigmoid", false, formula{forward: Forward64(sigmoid), backward: Backward64(sigmoidGrad)}},
	{"tanh", false, formula{forward: Forward64(tanh), backward: Backward64(tanhGrad)}},
	{"mish", false, formula{forward: Forward64(mish), backward: Backward64(mishGrad)}},
	{"elu", true, formula{forward: Forward64(elu), backward: Backward64(eluGrad)}},
	{"selu", false, formula{Forward64(selu), Backward64(seluGrad), Backward64(seluGradKeras)}},
	{"celu", true, formula{Forward64(celu), Backward64(celuGrad), Backward64(celuGradKeras)}},
	{"softplus", true, formula{forward: Forward64(softplus), backward: Backward64(softplusGrad)}},
	{"logsigmoid", false, formula{forward: Forward64(logSigmoid), backward: Backward64(logSigmoidGrad)}},
	{"gelu", false, formula{forward: Forward64(gelu), backward: Backward64(geluGrad)}},
	{"gelu-tanh", false, formula{forward: Forward64(geluTanh), backward: Backward64(geluTanhGrad)}},
	{"softsign", false, formula{forward: Forward64(softsign), backward: Backward64(softsignGrad)}},
	{"hardswish", false, formula{forward: Forward64(hardSwish), backward: Backward64(hardSwishGrad)}},
	{"hardsigmoid", true, formula{forward: Forward64(hardSigmoid), backward: Backward64(hardSigmoidGrad)}},
	{"relu6", true, formula{relu6ForwardGo, relu6BackwardGo, relu6BackwardKerasGo}},
	{"thresholded-relu", true, formula{forward: thresholdedForwardGo, backward: thresholdedBackwardGo}},
}

// goFormulas are the Go loops of all rows.
func goFormulas() []formula {
	list := make([]formula, len(formulas))
	for i, row := range formulas {
		list[i] = row.formula
	}
	return list
}
