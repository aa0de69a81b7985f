package main

import (
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/data"
	"github.com/gonn-toolkit/gonn/train/recipe"
)

// benchSamples are samples to measure on, at least so many: the study's where they fit, else
// random ones. what names them.
func benchSamples(shape nn.Shape, classes, least int) (samples nn.Samples, what string, err error) {
	if shape.Equal(nn.Shape{1, 28, 28}) && classes == defaultClasses {
		set, err := recipe.OpenData(recipe.DefaultData, 0, data.Options{})
		if err != nil {
			return nil, "", err
		}
		if set.Train.Len() >= least {
			return set.Train, set.Name, nil
		}
	}
	return randomSamples(shape, classes, benchCount(shape, least))
}

// benchCount is the number of random samples: some batches, unless that takes much memory.
func benchCount(shape nn.Shape, least int) int {
	const most, elements = 1024, 1 << 24
	return max(least, min(most, elements/shape.Size()))
}

// randomSamples are n pictures of random bytes with random labels; samples of other shapes have
// random numbers from 0 to 1. They are the same for every call.
func randomSamples(shape nn.Shape, classes, n int) (samples nn.Samples, what string, err error) {
	rng := rand.New(rand.NewPCG(1, 1))
	labels := make([]int, n)
	for i := range labels {
		labels[i] = rng.IntN(classes)
	}
	if len(shape) != 3 {
		samples, err = nn.NewTensorSamples(randomTensor(rng, shape, n), labels, classes)
		return samples, "random numbers", err
	}
	pixels := make([]byte, n*shape.Size())
	for i := range pixels {
		pixels[i] = byte(rng.Uint32())
	}
	samples, err = data.NewImages(shape, pixels, labels, classes)
	return samples, "random pictures", err
}

// benchTargets are random samples with random numbers of another shape to fit.
func benchTargets(shape, target nn.Shape, least int) (nn.TargetSamples, error) {
	rng, n := rand.New(rand.NewPCG(1, 1)), benchCount(shape, least)
	return nn.NewTensorTargets(randomTensor(rng, shape, n), randomTensor(rng, target, n))
}

// randomTensor holds n samples of numbers from 0 to 1.
func randomTensor(rng *rand.Rand, shape nn.Shape, n int) *nn.Tensor {
	x := nn.NewTensor(append([]int{n}, shape...)...)
	for i := range x.Data {
		x.Data[i] = rng.Float32()
	}
	return x
}
