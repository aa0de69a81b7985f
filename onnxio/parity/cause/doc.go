// Package cause finds out why a network does not compute what a reference computed.
//
// Find tries corrections: a flipped kernel, another padding, a missing residual. A Cause is a
// correction of one layer that alone makes the outputs agree with the reference's. Find names
// none if the outputs agree already, if they differ by noise, or if no single correction helps.
//
// With inner values of the reference, the first layer that is wrong by itself is known: it gets
// the reference's inputs and gives another output. Corrections are tried there first. Otherwise
// all corrections of all layers are tried, each by a forward pass from the corrected layer on
// with a few samples, and confirmed with all of them.
package cause
