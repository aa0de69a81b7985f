package activation_test

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// Squareplus is (x + √(x² + 4))/2, a ReLU without a kink (Barron 2021).
var Squareplus = &activation.Func{
	Name:    "squareplus",
	Formula: "(x + √(x² + 4))/2",
	Forward: func(y, x, _ []float32) {
		for i, v := range x {
			y[i] = float32(squarePlus(float64(v)))
		}
	},
	// The derivative is y/√(x² + 4).
	Backward: func(dx, dy, x, _, _ []float32) {
		for i, v := range x {
			v := float64(v)
			dx[i] = dy[i] * float32(squarePlus(v)/math.Hypot(v, 2))
		}
	},
}

// squarePlus avoids the difference of two nearly equal numbers where x is negative.
func squarePlus(x float64) float64 {
	r := math.Hypot(x, 2)
	if x < 0 {
		return 2 / (r - x)
	}
	return (x + r) / 2
}

func init() { activation.Register(Squareplus) }

// A function from outside the module is used like those of the table.
func ExampleRegister() {
	act, err := activation.Parse("squareplus")
	if err != nil {
		fmt.Println(err)
		return
	}
	net, err := nn.Sequential(nn.Shape{3}, act)
	if err != nil {
		fmt.Println(err)
		return
	}
	y, err := net.Forward(&nn.Tensor{Shape: []int{1, 3}, Data: []float32{-1.5, 0, 1.5}})
	fmt.Println(y.Data, err)
	fmt.Println(act, "is", act.Func.Formula)
	// Output:
	// [0.5 1 2] <nil>
	// squareplus is (x + √(x² + 4))/2
}
