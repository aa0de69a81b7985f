// Package data holds labelled image sets as a network reads them: in memory
// (Images, Floats), doubled by their inverse (Inverted), cut (Limit, Split), changed at
// random in each epoch (Augment), normalised (Normalize). Open reads them from IDX
// files, CIFAR's binary files, folders of pictures and NumPy archives; Options resize
// pictures and pass over those that cannot be read. Set.MatchClasses brings a set's
// classes in the order of a network's.
//
// Sets are views over one another: a digit and its inverse, a validation part
// or the first thousand samples share the bytes of one Images. All of them
// implement nn.Samples and are safe for concurrent use.
package data
