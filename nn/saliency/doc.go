// Package saliency tells which places of a sample the score of a class depends on: by the
// gradient of the score with respect to the input (Simonyan et al. 2013), its mean over noisy
// copies (SmoothGrad, Smilkov et al. 2017), its product with the input, and Grad-CAM
// (Selvaraju et al. 2017).
//
// The score of a class is its logit, before a softmax or sigmoid at the end of the network. Of
// other ends it is what the network gives for the class, such as a log-probability.
// A network of one output z has two classes, with the scores −z and z.
package saliency
