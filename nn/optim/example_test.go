package optim_test

import (
	"fmt"
	"log"

	"github.com/gonn-toolkit/gonn/nn"
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
