// Package rewritetest holds package rewrite and its passes against the function that a file
// computes: Run cleans small graphs in the form that Parse reads, and Keeps runs a model and
// what became of it through the reference evaluator.
package rewritetest
