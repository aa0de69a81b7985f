package loss_test

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// LogCosh is the mean over the outputs of ln cosh(y − t): a parabola near the target, and a
// line far from it, so that an outlier pulls no harder than 1. Its targets are vectors.
type LogCosh struct{}

func (LogCosh) Name() string                      { return "log-cosh" }
func (LogCosh) Probabilities() bool               { return false }
func (LogCosh) Weight(*loss.Targets, int) float64 { return 1 }

func (LogCosh) Check(output nn.Shape, t loss.TargetSpec) error {
	if t.Classes > 0 || !output.Equal(t.Shape) {
		return fmt.Errorf("the network gives %v, the data has %v", output, t)
	}
	return nil
}

func (LogCosh) Block(out nn.Block, t *loss.Targets, dout nn.Block, scale float32) (losses [nn.Lanes]float64) {
	outputs := out.Shape.Size()
	for k := range outputs {
		for lane := range t.N {
			i := k*nn.Lanes + lane
			e := float64(out.Data[i]) - float64(t.Values.Data[i])
			losses[lane] += math.Log(math.Cosh(e)) / float64(outputs)
			if dout.Data != nil { // else only the loss is wanted
				dout.Data[i] = scale * float32(math.Tanh(e)) / float32(outputs)
			}
		}
	}
	return losses
}

// A loss of one's own, on vectors: two lines are fitted, past an outlier in the last sample.
func Example_customLoss() {
	const n = 41
	x, y := nn.NewTensor(n, 1), nn.NewTensor(n, 2)
	var batch []int
	for i := range n {
		v := float32(i-n/2) / 10
		x.Data[i], y.Data[2*i], y.Data[2*i+1] = v, 2*v+1, -v
		batch = append(batch, i)
	}
	y.Data[2*n-1] = 100
	data, err := nn.NewTensorTargets(x, y)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range []nn.Loss{loss.MSE{}, LogCosh{}} {
		net, err := nn.Sequential(nn.Shape{1}, layer.Dense{Out: 2})
		if err != nil {
			fmt.Println(err)
			return
		}
		stepper := nn.NewStepper(net, l, 0)
		for range 1000 {
			if _, err := stepper.Step(data, batch); err != nil {
				fmt.Println(err)
				return
			}
			for p, grad := range stepper.Grads() {
				for i, g := range grad {
					p.Data[i] -= 0.3 * g
				}
			}
		}
		w, b := net.Param("dense.weight").Data, net.Param("dense.bias").Data
		fmt.Printf("%s: y = %.1f·x + %.1f and %.1f·x + %.1f\n", l.Name(), w[0], b[0], w[1], b[1])
	}
	// Output:
	// mse: y = 2.0·x + 1.0 and 2.6·x + 2.5
	// log-cosh: y = 2.0·x + 1.0 and -1.0·x + 0.0
}
