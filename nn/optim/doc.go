// Package optim has optimizers, weight decay, gradient clipping and learning-rate schedules.
//
// New returns an Optimizer for parameters of a network, by the name in a Config; NewGroups for
// groups of parameters with their own learning rate and weight decay. Parameters that are frozen
// (nn.Param.Frozen) are not updated.
//
// Everything has PyTorch's and Keras's form (nn.Semantics). The two differ in constants and in
// the order of operations, so that one step from the same gradient gives different parameters.
package optim
