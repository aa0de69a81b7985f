// Package op is the contract between layers, losses and the executor that runs networks.
// Who builds and trains networks needs packages nn, layer, activation and loss; who writes a
// layer or a loss of their own finds here what they work on.
//
// A Layer, bound to the shapes of its inputs, is an Op. The executor calls its Forward and
// Backward with a Call: Blocks of sixteen samples, which ride in the lanes of each vector,
// so that an Op is written as if for one image with sixteen numbers in place of each. What
// else an Op can do it says with further interfaces, none of which it needs:
//
//   - Splitter: several goroutines can share the work on one block;
//   - InPlace, View, BackwardReader: what the planner of memory may rely on;
//   - Scratcher: memory for the time of a call;
//   - Synchronized: statistics over the whole batch, in training;
//   - Planar: one sample alone, without the other fifteen lanes.
package op
