// Package score measures classifiers: accuracy and loss, accuracy among the k likeliest
// classes, the confusion matrix, and precision, recall and F1 of each class. It takes
// one pass over a data set. The result does not depend on the number of workers. Mistakes lists
// the samples with the largest losses that are taken for another class. McNemar tests whether
// one of two classifiers is right more often.
package score
