// Package runs lists the runs of a folder: their settings, how far they have come and what they
// came to, by name, to be sorted and chosen from. It reads run.json, and sweep.json beside cells of
// sweeps, and writes nothing.
package runs
