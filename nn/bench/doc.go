// Package bench measures how much of the machine gonn uses: the steps of training,
// inference, and the kernels alone, each as a share of the floating-point peak that the
// same processor cores reach with multiply-adds on registers.
//
// Neighbours on a shared machine slow all of this down, and not evenly. Therefore every
// figure is taken in short slices that alternate with slices of the peak, and a share is
// the median over the ratios of neighbouring slices. Beside the peak stands a probe with
// the loads of a convolution's innermost loop: where it falls, the machine is busy.
//
// FLOPs are two for each multiply–accumulate of convolutions and dense layers: forward,
// the gradient of the weights, and the gradient of the input where it is needed.
// Activations, loss, optimizer and data count as time only.
package bench
