// Package metric has what a training can record of an epoch beside loss and accuracy: the
// distribution of learned slopes, norms of gradients, dead units.
//
// A metric is a train.Callback that logs values in EpochEnd (train.State.Log). It does not change
// the training. (One that observes the input of a PReLU or Swish-β behind a BatchNorm, as dead
// does, has the two run one after the other: the gradient of a parameter that a channel shares is
// then summed up in another order, and its last bits may differ.) What a metric adds up over the
// steps of an epoch is in its Memory, which a checkpoint within the epoch keeps (train/run), so
// that a run that was stopped and resumed has the same values as one in one go.
//
// A new metric is a file with a type and a call of Register.
package metric
