package lrfind

import (
	"fmt"
	"math"
)

// Config says how the rate rises.
type Config struct {
	Min, Max float64 // rates of the first and the last step
	Steps    int     // at least 10
	// Progress, if not nil, is told each step.
	Progress func(step int, p Point)
}

// Default are 200 steps from 1e-6 to 1.
func Default() Config { return Config{Min: 1e-6, Max: 1, Steps: 200} }

// The constants of fastai.
const (
	smoothing = 0.98 // of the moving average of losses
	diverged  = 4    // the test ends when the average is so many times its lowest
)

// Check finds what cannot be.
func (c Config) Check() error {
	switch {
	case !(c.Min > 0) || math.IsInf(c.Min, 0):
		return fmt.Errorf("min %v: need a learning rate above 0", c.Min)
	case !(c.Max > c.Min) || math.IsInf(c.Max, 0):
		return fmt.Errorf("max %v: need a learning rate above min, which is %v", c.Max, c.Min)
	case c.Steps < minSteps:
		return fmt.Errorf("steps %d: need at least %d", c.Steps, minSteps)
	}
	return nil
}

const minSteps = 10

// rate is that of a step, from 0: each is the one before times the same factor.
func (c Config) rate(step int) float64 {
	if step >= c.Steps-1 {
		return c.Max
	}
	return c.Min * math.Pow(c.Max/c.Min, float64(step)/float64(c.Steps-1))
}
