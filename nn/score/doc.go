// Package score measures classifiers: accuracy and loss, accuracy among the k likeliest
// classes, the confusion matrix, and precision, recall and F1 of each class. All of it
// takes one pass over a data set and is the same for any number of workers.
package score
