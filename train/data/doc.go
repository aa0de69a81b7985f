// Package data holds labelled image sets as a network reads them: in memory
// (Images), doubled by their inverse (Inverted), cut (Limit, Split), normalised
// (Normalize), and reads them from IDX folders, image files and NumPy arrays.
//
// Sets are views over one another: a digit and its inverse, a validation part
// or the first thousand samples share the bytes of one Images. All of them
// implement nn.Samples and are safe for concurrent use.
package data
