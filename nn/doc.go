// Package nn describes, trains and runs convolutional networks in Go.
//
// A Network is a directed acyclic graph of named layers with named parameters.
// It is the one description that everything in gonn works on: package train
// fits it, package onnxio writes it as ONNX and reads it back, the command
// prints and compares it. Sequential builds the common chain, a Builder any
// graph, of the layers of packages layer and activation. The losses are in
// package loss.
//
// # Layout
//
// Outside a network tensors are row-major float32 in (N, C, H, W) order. Inside,
// Lanes samples ride in the lanes of a Block, so that each layer is written as if
// for one image, with a vector in place of each number.
//
// # Training
//
// A Stepper cuts a mini-batch into blocks. A goroutine carries one block forward
// and back through the whole network while its data is in the cache, adds its
// gradients to a slot of its own, and the slots are summed in a fixed order: the
// result is the same to the bit for any number of workers. Where there are fewer blocks
// than workers they share one, layer by layer, without a sum that depends on how many
// they are.
//
// # Where frameworks differ
//
// PyTorch and Keras disagree on initialisers, on derivatives at kinks (of PReLU at 0), on
// the running variance of BatchNorm, on who gets the gradient of a global maximum that
// several pixels share, on clamped logarithms and class weights in losses and on the
// constants of optimizers (see package optim). Each of these is a choice spelled Semantics
// here, never a guess.
package nn
