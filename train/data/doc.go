// Package data holds labelled image sets as a network reads them: in memory
// (Images, Floats), doubled by their inverse (Inverted), cut (Limit, Split), changed at
// random in each epoch (Augment), normalised (Normalize). Open reads them from IDX
// files, CIFAR's binary files, folders of pictures and NumPy archives; Options resize
// pictures and pass over those that cannot be read. Set.MatchClasses brings a set's
// classes in the order of a network's.
//
// Readers take files from strangers. What they read is bounded by the limits of limits.go,
// and by the size of the file: one that is refused has taken at most three times its size
// and 64 MiB of memory. All that can be wrong is found before memory is taken for the
// elements, what can be seen without them first. An accepted file takes what it holds.
//
//	limit                                       of
//	1 GiB                                       a file, and what is kept of it
//	100 × the file and 64 MiB                   what compressed files and pictures inflate to
//	64 megapixels, 16,384 a side                a picture
//	1 megapixel                                 a picture of a folder that is not resized
//	2 × the file and 40 MiB                     what a JPEG's decoder takes: 12 megapixels, 5 if progressive
//	65,536                                      classes
//
// Sets are views over one another: a digit and its inverse, a validation part
// or the first thousand samples share the bytes of one Images. All of them
// implement nn.Samples and are safe for concurrent use.
package data
