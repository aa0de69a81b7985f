// Package loss has the losses, which compare the output of a network with targets.
//
// A target is a class or numbers. A TargetSpec describes those of a data set, Targets has those
// of a block of samples. The target of a class is its one-hot vector, or the class itself, 0 or
// 1, for a network with a single output. CrossEntropy and BCELogits take logits, the other
// losses take probabilities.
//
// The loss of a batch, and of a data set, is a weighted mean: the sum of the losses of the
// samples divided by the sum of their weights. The weights are 1 except for
// CrossEntropy.Weights, as in PyTorch. ClassWeighted weighs samples as Keras does, which does
// not change the denominator.
//
// On the command line a loss is its name and, after a colon, its argument: cross-entropy:0.1,
// huber:0.5. Parse reads this form; Forms is the table of all losses.
//
// Any type that implements Loss is a loss.
package loss
