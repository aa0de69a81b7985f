package kernel

// actKernels are the elementwise functions of an instruction set: for each of the pixels'
// 16 floats, with s = 1/(1 + e^(−a·x)),
type actKernels struct {
	// slopeBackwardSum also adds to da, as all whose names end in Sum do; slopeForwardEach
	// has a parameter for each value.
	slopeForward, slopeForwardEach          func(*actArgs) // y = x if x > 0, else a·x
	slopeBackward, slopeBackwardSum         func(*actArgs) // y = dy if x > 0, else a·dy; da += dy·min(x, 0)
	slopeFlatBackward, slopeFlatBackwardSum func(*actArgs) // likewise, with y = 0 if x = 0

	// Those whose names end in One have the parameter 1.
	swishForward, swishForwardEach, swishForwardOne   func(*actArgs) // y = x·s
	swishBackward, swishBackwardSum, swishBackwardOne func(*actArgs) // y = dy·(s + ax·s·(1 − s)); da += dy·x²·s·(1 − s)

	exp func(*actArgs) // y = eˣ
}

func (k *actKernels) acts() acts {
	slopeForward := forwardEachBy(k.slopeForward, k.slopeForwardEach)
	return acts{
		slope:     act{slopeForward, backwardBy(k.slopeBackward, k.slopeBackwardSum)},
		slopeFlat: act{slopeForward, backwardBy(k.slopeFlatBackward, k.slopeFlatBackwardSum)},
		swish: act{
			forwardOneBy(k.swishForwardOne, forwardEachBy(k.swishForward, k.swishForwardEach)),
			backwardOneBy(k.swishBackwardOne, backwardBy(k.swishBackward, k.swishBackwardSum)),
		},
		exp: func(y, x []float32) { runAct(k.exp, y, nil, x, nil, nil) },
	}
}

// forwardBy makes a function of a kernel.
func forwardBy(kernel func(*actArgs)) func(y, x, a []float32) {
	return func(y, x, a []float32) { runAct(kernel, y, nil, x, a, nil) }
}

// forwardEachBy makes one of a kernel and another for a parameter of each value.
func forwardEachBy(kernel, each func(*actArgs)) func(y, x, a []float32) {
	return func(y, x, a []float32) {
		if hasEach(x, a) {
			runAct(each, y, nil, x, a, nil)
		} else {
			runAct(kernel, y, nil, x, a, nil)
		}
	}
}

// backwardBy makes a function of a kernel and the one that sums up da too, or nil.
func backwardBy(kernel, sum func(*actArgs)) func(dx, dy, x, a, da []float32) {
	return func(dx, dy, x, a, da []float32) {
		switch {
		case da != nil && sum != nil:
			runAct(sum, dx, dy, x, a, da)
		case dx != nil:
			runAct(kernel, dx, dy, x, a, nil)
		}
	}
}

// forwardOneBy makes a function of a kernel for a parameter of one and a function for others.
func forwardOneBy(kernel func(*actArgs), others func(y, x, a []float32)) func(y, x, a []float32) {
	return func(y, x, a []float32) {
		if isOne(a) {
			runAct(kernel, y, nil, x, nil, nil)
		} else {
			others(y, x, a)
		}
	}
}

// backwardOneBy likewise, where the parameter is not learned.
func backwardOneBy(kernel func(*actArgs), others func(dx, dy, x, a, da []float32)) func(dx, dy, x, a, da []float32) {
	return func(dx, dy, x, a, da []float32) {
		if isOne(a) && da == nil {
			if dx != nil {
				runAct(kernel, dx, dy, x, nil, nil)
			}
		} else {
			others(dx, dy, x, a, da)
		}
	}
}

func isOne(a []float32) bool { return len(a) == 1 && a[0] == 1 }

// hasEach reports whether each value of x has its own parameter.
func hasEach(x, a []float32) bool { return len(a) == len(x) && len(a) > 1 }
