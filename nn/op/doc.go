// Package op is the contract between layers, losses and the executor that runs networks.
// To build and train networks, packages nn, layer, activation and loss are enough. This one
// is for writing a layer or a loss.
//
// Layer.Bind gives an Op: a layer for inputs of known shapes. The executor calls Op.Forward
// and Op.Backward with a Call, whose Blocks hold sixteen samples, one in each lane of a
// vector. An Op is written as if for one image, with sixteen numbers in place of each. An Op
// may implement more interfaces, all of them optional:
//
//   - Splitter: several goroutines can share the work on one block;
//   - InPlace, View, BackwardReader: which buffers the memory planner may reuse;
//   - Scratcher: temporary memory during a call;
//   - Synchronized: statistics over the whole batch, in training;
//   - Fuser: one pass over memory for the op and its reader;
//   - Ranger: such a reader that works on ranges of elements, as activations do;
//   - Planar: inference on a single sample, without lanes of samples; with it PackedReader,
//     PlanarFuser and Elementwise, for channels in the lanes.
//
// Package nntest tests an Op against this contract.
package op
