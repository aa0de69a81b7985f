package activation

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// normFormulas are the functions without a learned parameter that have loops which normalise the
// channels of x, besides those with a kernel.NormFunc.
var normFormulas = map[*Func]kernel.NormFormula{
	ELU: kernel.NormFormulaOf("elu"), SELU: kernel.NormFormulaOf("selu"), CELU: kernel.NormFormulaOf("celu"),
	Swish: kernel.NormFormulaOf("swish"), Mish: kernel.NormFormulaOf("mish"),
	GELU: kernel.NormFormulaOf("gelu"), GELUTanh: kernel.NormFormulaOf("gelu-tanh"),
	HardSwish: kernel.NormFormulaOf("hardswish"), Sigmoid: kernel.NormFormulaOf("sigmoid"),
	HardSigmoid: kernel.NormFormulaOf("hardsigmoid"), LogSigmoid: kernel.NormFormulaOf("logsigmoid"),
	Softplus: kernel.NormFormulaOf("softplus"), Tanh: kernel.NormFormulaOf("tanh"), Softsign: kernel.NormFormulaOf("softsign"),
	ReLU6: kernel.NormFormulaOf("relu6"), ThresholdedReLU: kernel.NormFormulaOf("thresholded-relu"),
}

// HasNormFormula reports whether NormForward and NormBackward may be called.
func (o *layerOp) HasNormFormula() bool {
	_, ok := normFormulas[o.act.Func]
	return ok && (o.act.Func != Swish || o.act.Value == 1)
}

// NormForward writes y = f(z), z = (x − n.Mean)·n.Scale + n.Shift. y may be x.
func (o *layerOp) NormForward(y, x []float32, n kernel.NormAct) {
	normFormulas[o.act.Func].Forward(y, x, o.fixed, n)
}

// NormKeepsDerivative reports whether NormBoth and keeping the derivative take less time than
// NormForward and NormBackward, which depends on the kernels in use.
func (o *layerOp) NormKeepsDerivative() bool { return normFormulas[o.act.Func].HasBoth() }

// NormBoth writes y = f(z), as NormForward, and the derivative d = f'(z), where both frameworks
// have the same. y may be x.
func (o *layerOp) NormBoth(y, d, x []float32, n kernel.NormAct) {
	normFormulas[o.act.Func].Both(y, d, x, o.fixed, n)
}

// NormBackward writes dz = dy·f'(z). dz may be dy.
func (o *layerOp) NormBackward(dz, dy, x []float32, n kernel.NormAct) {
	f := normFormulas[o.act.Func]
	if o.act.Kink == op.Keras && o.act.Func.BackwardKeras != nil {
		f.BackwardKeras(dz, dy, x, o.fixed, n)
		return
	}
	f.Backward(dz, dy, x, o.fixed, n)
}
