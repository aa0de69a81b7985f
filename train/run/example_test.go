package run_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/run"
)

// A run is created, trained for one epoch, resumed for two more, and read.
func ExampleResume() {
	x := &nn.Tensor{Shape: []int{4, 2}, Data: []float32{0, 0, 0, 1, 1, 0, 1, 1}}
	samples, err := nn.NewTensorSamples(x, []int{0, 1, 1, 0}, 2)
	check(err)
	net, err := nn.Sequential(samples.Shape(), layer.Dense{Out: 8}, activation.Must("mish"), layer.Dense{Out: 2})
	check(err)
	net.Init(nn.KerasInit, 1)

	root, err := os.MkdirTemp("", "runs")
	check(err)
	defer os.RemoveAll(root)
	dir := filepath.Join(root, "xor")
	session, err := run.Create(dir, run.Settings{
		Kink: "pytorch", Semantics: "pytorch", Loss: "cross-entropy", Optimizer: "adam", Batch: 4, Epochs: 1,
	}, net)
	check(err)
	_, err = train.Fit(session.Network, samples, session.Config())
	check(err)
	check(session.Close())

	session, err = run.Resume(dir, func(s *run.Settings) error { s.Epochs = 3; return nil })
	check(err)
	history, err := train.Fit(session.Network, samples, session.Config())
	check(err)
	check(session.Close())
	fmt.Println("epochs after the resume:", len(history.Epochs))

	r, err := run.Open(dir)
	check(err)
	fmt.Println("epochs in all:", len(r.Metrics))
	// Output:
	// epochs after the resume: 2
	// epochs in all: 3
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
