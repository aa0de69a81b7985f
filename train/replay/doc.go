// Package replay repeats recorded trainings (package bundle) in Go and reports how far each step
// is from what the framework computed.
//
// Run judges each step by itself: the network gets the recorded parameters, statistics and
// batch, and its loss, gradients and new statistics are held against the recorded ones; the
// optimizer gets the recorded gradients and state, and the parameters and the state after the
// step are held against the recorded ones. So one error shows at one place, and the first
// Divergence names it.
//
// Beside that a network trains freely from the recorded start. Its distance is reported and
// not judged: kinks such as that of ReLU carry two right programs apart.
//
// How much a step may differ is a Tolerance. A gradient beyond it is judged once more: the
// step is repeated with parameters and inputs changed by a few units in the last place. As
// far as that moves a gradient, two right programs may differ: at a kink, or where a sum
// cancels.
package replay
