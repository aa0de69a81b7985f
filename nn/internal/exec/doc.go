// Package exec runs networks, forward and back: it is behind everything in package nn that
// computes.
//
// A Graph is bound layers that read each other. New plans once what a Config asks of it:
// which nodes must be computed for the values that are wanted, which gradients flow, what
// memory they take and when it is free again, and where all blocks of a batch must wait for
// each other because a layer needs statistics over the batch. The plan decides everything;
// Executor.Run only follows it.
//
// A batch is cut into blocks of sixteen samples. A worker of the pool carries a block forward
// and back through the whole network while it is warm in the cache; blocks that are left
// when there are not enough for all workers are shared by teams, layer by layer. A few
// samples run one by one, as planes, if all layers can and it costs less. The number of
// workers does not change a bit of the result.
package exec
