// Package exec runs networks forward and backward. Everything in package nn that computes
// uses it.
//
// A Graph is the dataflow graph of bound layers. New makes the plans for a Config: which nodes
// are computed, which gradients are needed, the lifetimes and offsets of all buffers, and the
// stages between which all blocks of a batch synchronise their statistics. Executor.Run then
// runs a Job by one of the plans.
//
// A batch is divided into blocks of sixteen samples. A worker of a pool runs a block forward
// and backward through the whole network, while it is in the cache. If there are fewer blocks
// left than workers, teams of workers share a block, layer by layer. A few samples run one by
// one instead, with channels or pixels in the lanes, if all layers are op.Planar and the
// estimated cost is lower: so do those that are left over by whole blocks. Large batches may run
// their first layers like this, and the others in blocks. The number of workers does not change a
// bit of the result.
package exec
