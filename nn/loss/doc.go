// Package loss has the losses, which compare the output of a network with targets.
//
// A target is a class or numbers, as a TargetSpec says for a whole data set; Targets are
// those of a block of samples. The target of a class is its one-hot vector, or for a network
// with a single output the class itself, 0 or 1. Losses on logits (CrossEntropy, BCELogits)
// take outputs as they are, the others take probabilities.
//
// The loss of a batch, and of a data set, is a weighted mean: the sum of the losses of the
// samples by the sum of their weights. All weights are 1 but for CrossEntropy.Weights, as in
// PyTorch. ClassWeighted weighs samples in Keras's way, which leaves the denominator alone.
//
// A loss is spelled by its name and, after a colon, by its argument: cross-entropy:0.1,
// huber:0.5. Parse reads a spelling; Forms is the table of all losses.
//
// A loss of your own is any type that implements Loss.
package loss
