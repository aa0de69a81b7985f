// Package op is the contract between layers, losses and the executor that runs networks.
// To build and train networks, packages nn, layer, activation and loss are enough; this one
// is for those who write a layer or a loss of their own.
//
// A Layer, bound to the shapes of its inputs, is an Op. The executor calls its Forward and
// Backward with a Call: Blocks of sixteen samples, one in each lane of a vector,
// so that an Op is written as if for one image with sixteen numbers in place of each. What
// else an Op can do it declares by further interfaces, all of them optional:
//
//   - Splitter: several goroutines can share the work on one block;
//   - InPlace, View, BackwardReader: what the planner of memory may rely on;
//   - Scratcher: memory for the time of a call;
//   - Synchronized: statistics over the whole batch, in training;
//   - Planar: one sample alone, without the other fifteen lanes.
package op
