package optim_test

import (
	"fmt"
	"log"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// A schedule over five epochs of a hundred steps, with a warm-up over the first.
func ExampleParseSchedule() {
	schedule, err := optim.ParseSchedule("cosine:1e-4", nn.PyTorch, 5)
	if err != nil {
		log.Fatal(err)
	}
	schedule, err = optim.ParseWarmup("1:0.1", schedule)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(schedule)
	for step := 0; step < 500; step += 100 {
		fmt.Printf("step %3d: %.5f\n", step, schedule.At(0.01, optim.Time{Step: step, PerEpoch: 100, Total: 500}))
	}
	// Output:
	// cosine:0.0001:5 after a warm-up over 1:0.1
	// step   0: 0.00100
	// step 100: 0.01000
	// step 200: 0.00855
	// step 300: 0.00505
	// step 400: 0.00155
}

// The head of a network is trained with a rate of its own, and without weight decay. The
// activation follows at the optimizer's rate; the convolution is frozen.
func ExampleNewGroups() {
	net, err := nn.Sequential(nn.Shape{1, 6, 6}, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, activation.Must("prelu:channel"), layer.Flatten{}, layer.Dense{Out: 2})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	conv, act, head := net.Node("conv").Params, net.Node("act").Params, net.Node("dense").Params
	for _, p := range conv {
		p.Frozen = true
	}
	adamw, err := optim.NewGroups(optim.Config{Name: "adamw", LR: 0.001}, []optim.Group{
		{Params: slices.Concat(conv, act)},
		{Params: head, LR: 0.01, NoDecay: true},
	})
	if err != nil {
		log.Fatal(err)
	}

	x := nn.NewTensor(2, 1, 6, 6) // a picture that is bright above and one that is bright below
	for i := range 18 {
		x.Sample(0)[i], x.Sample(1)[18+i] = 1, 1
	}
	samples, err := nn.NewTensorSamples(x, []int{0, 1}, 2)
	if err != nil {
		log.Fatal(err)
	}
	stepper := nn.NewStepper(net, loss.CrossEntropy{}, 1)
	if _, err := stepper.Step(samples, []int{0, 1}); err != nil {
		log.Fatal(err)
	}
	before := net.Clone()
	if err := adamw.Step(stepper.Grads()); err != nil {
		log.Fatal(err)
	}
	for _, p := range net.Params() {
		moved := float64(p.Data[0] - before.Param(p.FullName()).Data[0])
		fmt.Printf("%-12s frozen: %-5v moved by %.3f\n", p.FullName(), p.Frozen, math.Abs(moved))
	}
	// Output:
	// conv.weight  frozen: true  moved by 0.000
	// conv.bias    frozen: true  moved by 0.000
	// act.alpha    frozen: false moved by 0.001
	// dense.weight frozen: false moved by 0.010
	// dense.bias   frozen: false moved by 0.010
}
