// Package bench measures the speed of training steps, inference, layers and kernels, each as a
// fraction of the floating-point peak that the same processor cores reach with multiply-adds on
// registers.
//
// Other processes on a shared machine slow this down, unevenly. Therefore short slices of each
// measurement alternate with slices of the peak, and the result is the median of the ratios of
// adjacent slices. A probe with the loads of a convolution's innermost loop is measured too: if
// it is slow, the machine is busy.
//
// A multiply–accumulate of a convolution or dense layer counts as two FLOPs: forward, for the
// gradient of the weights, and for the gradient of the input if it is needed. Activations, loss,
// optimizer and data count as time only. An algorithm that multiplies less than the definition
// of a layer may exceed the peak.
//
// A layer is timed inside a run of the whole network, in the executor, with the caches as the
// layers before it leave them. The clock around its Op takes a tenth of a microsecond a call. An
// Op that the executor makes of several layers has one clock for them: what fusing saves is seen
// in their time together, and there is no time of each.
package bench
