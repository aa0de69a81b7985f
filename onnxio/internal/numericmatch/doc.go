// Package numericmatch recognises activations by the values that they compute.
//
// There are more ways to write an activation than any table holds. A part of a graph that works
// element by element on one value is evaluated in float64 at Points, where the functions of
// activation.Funcs differ; the parameter is read off the values, and the function that agrees
// everywhere is the activation, if need be up to a factor: tools that simplify a file take one
// at the end of an activation into the weights of the layer behind it. Of a gelu
// x·(1 + erf(x/√2)) is left, which is twice the function.
//
// A Matcher is for one graph. What it evaluates is bounded by the size of the graph's
// constants.
package numericmatch
