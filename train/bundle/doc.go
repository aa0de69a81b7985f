// Package bundle reads and writes recordings of trainings, in PyTorch, in Keras and in Go.
//
// A bundle is a folder:
//
//	model.onnx   the model before the first step; its initializers have the parameters' names
//	bundle.json  a Description
//	steps.npz    arrays, by keys
//
// The arrays are in the layout of the framework and have its names. Of step k, from 0:
//
//	k/x, k/y, k/loss      the batch, its targets, its mean loss
//	k/grad/NAME           the gradient of a parameter
//	k/clipped/NAME        the gradient as the optimizer took it, if clipping changed any
//	k/mask/dropout/I      what the Dropout number I multiplied its input by
//	k/output/LAYER        what a layer gave, if that was asked for
//	k/param/NAME          a parameter before step k
//	k/stat/NAME           a running statistic before step k
//	k/state/SLOT/NAME     the optimizer's state before step k; none stands for its start
//
// The parameters, statistics and state of k = Steps are those after the last step.
//
// Open reads a bundle, whose arrays are then read step by step: memory does not grow with the
// number of steps. Create writes one. Errors are of type *Error, with the file and the key.
package bundle
