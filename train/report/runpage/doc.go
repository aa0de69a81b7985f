// Package runpage writes the report on a run or a sweep as one self-contained HTML page: settings,
// results, the network, curves, learned slopes, samples and mistakes, the study's published
// figures beside it, and the commands that repeat it. The page needs no network, no other file and
// no script.
package runpage
