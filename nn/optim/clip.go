package optim

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Clip limits gradients by norm or by value, before the optimizer's step. Its zero value does
// nothing.
//
//	norm     g ← g·min(1, Norm/(‖g‖ + 1e−6)) in PyTorch, without the 1e−6 in Keras
//	value    g ← min(max(g, −Value), Value) for each element, in both
//
// ‖g‖ is the L2 norm of the gradients of all parameters together: PyTorch's
// clip_grad_norm_, Keras's global_clipnorm. With Each every parameter has its own: Keras's
// clipnorm.
type Clip struct {
	Semantics nn.Semantics
	Norm      float64 // 0 for no limit
	Each      bool
	Value     float64 // 0 for no limit
}

// Check finds wrong settings. A limit of both kinds is one: Keras refuses it, and in
// PyTorch the order decides the result.
func (c Clip) Check() error {
	for _, limit := range []struct {
		name  string
		value float64
	}{{"norm", c.Norm}, {"value", c.Value}} {
		if !(limit.value >= 0) || math.IsInf(limit.value, 0) {
			return fmt.Errorf("clipping gradients by %s: the limit %v is not a positive finite number", limit.name, limit.value)
		}
	}
	switch {
	case c.Norm != 0 && c.Value != 0:
		return fmt.Errorf("gradients are clipped by norm or by value, not by both: choose one")
	case c.Each && c.Norm == 0:
		return fmt.Errorf("clipping each parameter's gradient by its own norm needs the norm")
	}
	return nil
}

// Apply clips the gradients of the parameters where they are; the norm is theirs alone.
// Those of parameters that are not trained (nn.Param.Trained) do not count.
func (c Clip) Apply(params []*nn.Param, grads nn.Grads) {
	if c.Norm == 0 && c.Value == 0 {
		return
	}
	var squares float64
	for _, p := range params {
		switch g := grads[p]; {
		case !p.Trained():
		case c.Value != 0:
			clamp(g, float32(c.Value))
		case c.Each:
			c.shrink(g, math.Sqrt(sumOfSquares(g)))
		default:
			squares += sumOfSquares(g)
		}
	}
	if c.Value != 0 || c.Each {
		return
	}
	for _, p := range params {
		if p.Trained() {
			c.shrink(grads[p], math.Sqrt(squares))
		}
	}
}

// shrink scales a gradient for which this norm counts.
func (c Clip) shrink(g []float32, norm float64) {
	if c.Semantics == nn.PyTorch {
		norm += 1e-6
	}
	if norm <= c.Norm {
		return
	}
	scale := float32(c.Norm / norm)
	for i := range g {
		g[i] *= scale
	}
}

// sumOfSquares is in float64, where squares of float32 are exact: the sum is the same
// on every machine.
func sumOfSquares(g []float32) (sum float64) {
	for _, v := range g {
		sum += float64(v) * float64(v)
	}
	return sum
}

func clamp(g []float32, limit float32) {
	for i, v := range g {
		g[i] = min(max(v, -limit), limit)
	}
}
