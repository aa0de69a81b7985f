package nntest

import (
	"fmt"
	"sync"
)

// total is what all calls of Layer in this process have found.
var total struct {
	sync.Mutex
	kinds         map[string]bool
	cases, values int
	worst         report
}

func addToTotal(c Case, r report) {
	total.Lock()
	defer total.Unlock()
	if total.kinds == nil {
		total.kinds = map[string]bool{}
	}
	total.kinds[c.Layer.Kind()] = true
	total.cases++
	total.values += r.values
	total.worst.gradient = max(total.worst.gradient, r.gradient)
	total.worst.training = max(total.worst.training, r.training)
}

// Summary says what the calls of Layer in this process have found, in one line.
func Summary() string {
	total.Lock()
	defer total.Unlock()
	return fmt.Sprintf("%d values of gradients of parameters and inputs, in %d cases of %d kinds of layers, are within %.1e of finite differences in float64, allowed %.0e; those of training steps within %.1e, allowed %.0e",
		total.values, total.cases, len(total.kinds), total.worst.gradient, gradientTolerance, total.worst.training, trainingTolerance)
}
