// Package train fits networks to labelled samples.
//
// Fit walks a data set epoch by epoch in mini-batches. Callbacks see everything it
// does and may stop it: EarlyStopping, Best and Interrupt are here, a progress bar is
// in train/progress, and checkpoints that a training resumes from are in train/run.
//
// The result depends on the network's start values, the data, the seed, the batch size,
// the loss, the optimizer, clipping, the schedule of the rate and the kernels in use
// (nn.Backend), never on the number of workers. A Position tells where a training stands,
// also in the middle of an epoch; one that stops there and goes on gives the same bytes as
// one that does not stop.
package train
