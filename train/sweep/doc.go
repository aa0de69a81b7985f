// Package sweep trains every combination of several values of settings, each with several seeds,
// and sums up the results.
//
// A sweep is a folder: sweep.json has the grid, and each cell, one combination with one seed, is
// the folder of an ordinary run, named after what differs:
//
//	sweeps/study/sweep.json
//	sweeps/study/act=leaky_-0.5,seed=3/run.json
//
// A finished cell is never trained again, and an interrupted one goes on where it stopped, so a
// sweep that was stopped or killed, wherever, ends with the same models and the same results as
// one in one go. A cell whose training comes to numbers that are not finite, or whose settings turn
// out not to go with each other, has failed: that is recorded in sweep.json, and the others go on.
// It is not tried again.
//
// The last field of sweep.json is the SHA-256 of all that stands before it, so that a grid that is
// edited or damaged is refused. While a sweep is at work there is a file lock in its folder.
package sweep
