// Package nn describes, trains and runs convolutional networks.
//
// A Network is a directed acyclic graph of named layers with named parameters. It is the one
// description that everything in gonn uses: package train fits it, package onnxio writes it as
// ONNX and reads it back, the command prints and compares it. Sequential builds a chain of
// layers, a Builder any graph.
//
// Packages of this module:
//
//   - layer has the layers, activation the activations, loss the losses, optim the optimizers;
//   - op is the contract that layers implement, and nntest tests a layer against it.
//
// # Layout
//
// Tensors are row-major float32 in (N, C, H, W) order. Inside a network a Block holds Lanes
// samples, one in each lane of a vector, so that each layer is written as if for one image, with
// a vector in place of each number.
//
// # Running
//
// Network.Forward, Network.Predict and Network.Evaluate run a network in inference. An Executor
// gives access to everything inside: ExecutorConfig names the layers whose outputs it returns,
// the layers at whose outputs Executor.Run is given a gradient (Seeds), and the layers and
// inputs whose gradients it returns. It runs networks with several inputs and outputs, and both
// modes, Inference and Training, forward and backward. Executor.Seed and Stepper.Seed fix the
// random numbers of Dropout.
//
// # Training
//
// Stepper.Step computes the mean loss of a mini-batch and the gradients of all parameters. Its
// parts can be called separately: Stepper.Run computes the loss and the gradients of each
// block of samples, of the whole batch or of a Part of it, and Stepper.Reduce adds them up.
// LossGradient is the loss alone, for use with an Executor. Stepper.Observe records outputs and
// gradients of layers during a step. Stepper.SetMode has layers such as BatchNorm compute as in
// inference. Package optim updates the parameters. A parameter with
// Param.Frozen set has no gradient and is not updated.
//
// Each worker runs one block forward and backward through the whole network while it is in the
// cache. If there are fewer blocks than workers they share a block, layer by layer. The
// gradients of the blocks are added up in a fixed order. So the result has the same bits for any
// number of workers.
//
// Network.Memory estimates the memory of training and inference.
//
// # Where frameworks differ
//
// PyTorch and Keras differ in initialisers, in derivatives at kinks (of PReLU at 0), in the
// running variance of BatchNorm, in the gradient of a global maximum that several pixels
// share, in clamped logarithms and class weights of losses, and in the constants of optimizers
// (see package optim). Each of these is a choice, made by a Semantics or an Initializer.
package nn
