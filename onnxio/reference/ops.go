package reference

import "maps"

// ops are the operators of ONNX's own domain, by name. Each family is a table in the
// file of its subject. They are set at the start, since operators with graphs inside run
// others.
var ops = map[string]*operator{}

func init() {
	for name, run := range families(
		activationOps,
		arithmeticOps,
		attentionOps,
		batchNormOps,
		castOps,
		chooseOps,
		compareOps,
		constantOps,
		controlOps,
		convOps,
		convTransposeOps,
		cumulateOps,
		detectionOps,
		dropoutOps,
		einsumOps,
		fourierOps,
		gatherOps,
		globalPoolOps,
		joinOps,
		linearOps,
		logicOps,
		lossOps,
		maskOps,
		matMulOps,
		moveOps,
		normalizeOps,
		orderOps,
		padOps,
		poolOps,
		quantizeOps,
		quantizedOps,
		recurrentOps,
		reduceOps,
		resizeOps,
		sampleOps,
		scatterOps,
		shapeOps,
		signalOps,
		softmaxOps,
		unaryOps,
	) {
		ops[name] = newOperator(name, run)
	}
}

// families joins tables; an operator that stands in two is a mistake in the program.
func families(tables ...map[string]op) map[string]op {
	all := map[string]op{}
	for _, t := range tables {
		for name := range t {
			if all[name] != nil {
				panic("reference: operator " + name + " is listed twice")
			}
		}
		maps.Copy(all, t)
	}
	return all
}

// Knows reports whether an operator of ONNX's own domain can be evaluated.
func Knows(opType string) bool { return ops[opType] != nil }
