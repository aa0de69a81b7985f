// Package stats says how sure one can be of the results of several runs: intervals, tests
// paired by seed, and the correction for testing many pairs. The figures are those of a few
// runs, so all of it goes by Student's t distribution, which assumes that the runs of one
// setting are independent and about normally distributed.
//
// A statistic that its values do not determine (the spread of a single run, say) is NaN. So is
// every statistic of values of which one is NaN or infinite.
//
// Whether one of two classifiers is better on the same samples is another question, which
// score.McNemarOf answers.
package stats
