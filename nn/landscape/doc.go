// Package landscape looks at the loss of a network as a function of its parameters: along lines and
// planes through the parameters, for pictures, and by numbers that say how sharp it is where
// training has ended.
//
// # Pictures
//
// Line and Plane compute the mean loss at θ + α·a + β·b. A random direction of FilterNormalized has
// for each filter the norm that the filter has, so that networks whose weights are large and
// small, but which compute the same, have the same picture:
//
//	Li, Xu, Taylor, Studer, Goldstein: Visualizing the Loss Landscape of Neural Nets. NeurIPS 2018.
//
// As in the paper's pictures the direction is 0 at biases and at the parameters of normalisations.
// It is 0 at learned slopes too, of which the paper says nothing. Between is the direction from one
// network to another:
//
//	Goodfellow, Vinyals, Saxe: Qualitatively characterizing neural network optimization problems.
//	ICLR 2015.
//
// # Numbers
//
// Measure gives the second derivative of the loss along such random directions, the rise of the
// loss at a distance, the largest and the smallest eigenvalue of the Hessian, and its trace.
// Eigenvalues depend on how the network spreads its scale over its layers, even if it computes the
// same (Dinh, Pascanu, Bengio, Bengio: Sharp Minima Can Generalize For Deep Nets. ICML 2017). So
// there is also the largest eigenvalue with each filter measured by its own norm, in the
// manner of adaptive sharpness (Kwon, Kim, Park, Choi: ASAM. ICML 2021).
//
// # What is computed
//
// The loss is the mean over the samples, weighted as in training, of the network in
// inference: batch normalisation uses its running statistics and Dropout drops nothing. Weight
// decay is not part of it. Parameters that are frozen do not move, and neither do the running
// statistics, but for Between.
//
// Products of the Hessian with vectors are central differences of gradients, see Hessian.Product.
// With activations that have kinks, such as ReLU, they are the mean second derivative over a step:
// it sees the kinks that the step passes, as the loss does, which automatic differentiation of the
// second order does not.
//
// All results are the same bits for any number of workers. Between processors and backends
// (nn.Backend) they differ as gradients do.
package landscape
