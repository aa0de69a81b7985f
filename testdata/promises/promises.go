package main

// promise is what gonn promises.
type promise struct {
	group, id, text string
}

const (
	input    = "Files from strangers"
	kernels  = "Kernels"
	training = "Training"
	together = "Runs, results and the tests themselves"
)

var promises = []promise{
	{input, "S1", "No reader panics, dies or hangs, whatever the bytes: ONNX, npz and npy, IDX, safetensors, pictures, bundles, run folders, findings of the study."},
	{input, "S2", "A file is refused with at most 3 × its size + 64 MiB of memory."},
	{input, "S3", "A file is accepted or refused within 100 ms of processor time a MB."},
	{input, "S4", "Limits of sizes, counts and nesting stand in one place a reader, and hold to the last unit."},
	{input, "S5", "External data is a regular file with one link inside the model's folder, read and written without blocking."},
	{input, "S6", "Nothing is ignored in silence: an unknown or contradictory operator, attribute, opset, type, shape or domain is an error that names node and field."},
	{input, "S7", "What gonn writes, it reads back and writes again to the same bytes; onnx.checker accepts it and ONNX Runtime computes the same."},
	{input, "S8", "No format holds code; unsafe only in the kernels (and behind the build tag `ort`); no cgo in the default build; no network but loopback, if asked."},
	{input, "S9", "Compressed data give no more bytes than their header declares."},
	{input, "S10", "The page of `--watch` is only on loopback, answers no other host, site, method or path, changes nothing, and no client holds up the training."},
	{kernels, "K1", "No kernel reads or writes outside its slices."},
	{kernels, "K2", "Element-wise kernels equal the Go loop to the bit or within a stated ulp, also for ±0, ±∞, NaN and subnormals; sums are within n·2⁻²⁴·Σ|xy| of float64."},
	{kernels, "K3", "Every instruction set is really tested: a missing one is a failure."},
	{kernels, "K4", "No data races, and the race detector is told what assembly touches."},
	{training, "T1", "Same seed, binary and instruction set: the same bytes for any number of workers."},
	{training, "T2", "Across instruction sets, smooth activations stay within 1e-4 of the loss after 100 steps. With a kink (ReLU, PReLU) trainings part."},
	{training, "T3", "Resuming is exact, also within an epoch."},
	{training, "T4", "A kill at any moment leaves the old or the new checkpoint, and no stray file after the next start."},
	{training, "T5", "A full disk, a read-only folder, a missing permission: a message, a non-zero exit, the old files untouched."},
	{training, "T6", "A damaged checkpoint is refused."},
	{training, "T7", "SIGINT, SIGTERM and SIGHUP finish the batch, save and exit with 130, 143 and 129; a second one ends at once."},
	{training, "T8", "A loss, gradient or weight that is not finite stops the training within that step, names layer and step, and does not touch the last checkpoint."},
	{training, "T9", "Gradients are right for every parameter and input of every layer."},
	{training, "T10", "Nothing leaks: no goroutine after the end, at most 2 allocations a step."},
	{training, "T11", "The default training fits into 512 MiB."},
	{training, "T12", "inspect reports the slopes that the file holds."},
	{together, "U1", "One process a run, by a lock that a crash releases."},
	{together, "U2", "Settings, structure and state of a run belong together under one checksum; changes go through flags."},
	{together, "U3", "Any start after any kill works: what is half made is finished or replaced."},
	{together, "U4", "Evaluating strangers' graphs is bounded in memory, operations and time."},
	{together, "U5", "Results that are not finite are errors, or valid JSON."},
	{together, "U6", "Resuming with other kernels or another build warns, and is recorded."},
	{together, "U7", "SIGHUP saves like SIGTERM."},
	{together, "U8", "What is accepted as a network, onnx.checker accepts; the exceptions are a list."},
	{together, "U9", "An activation is recognised by its values only where they are finite, but behind an exponential that overflows."},
	{together, "U10", "The tests are tested: planted faults are caught."},
	{together, "U11", "The memory of every preset is told beforehand and held; every reader's is counted in a child process."},
	{together, "U12", "CI fuzzes every target a counted number of times."},
}
