// Package runs lists the runs of a folder: their settings, how far they have come and what they
// came to, by name, to be sorted and chosen from. It reads run.json alone, and writes nothing.
package runs
