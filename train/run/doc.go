// Package run keeps a training in a folder of standard files:
//
//	run.json           every setting, the sessions that trained, epoch by epoch what they
//	                   came to, the result, and the checksums of the next two
//	state.safetensors  everything that a resume needs: the truth about the training
//	model.onnx         what the training has come to, for every tool that reads ONNX
//	metrics.csv        the epochs of run.json as a table, for people; nothing reads it
//
// Event files for TensorBoard, events.out.tfevents.*, stand beside them if the settings ask for
// them; this package neither writes nor reads them.
//
// While a run is trained there is also a file lock, with the id of the process. The system
// keeps the lock itself, so that a crash releases it whatever the file says.
//
// # One thing
//
// The last field of run.json is the SHA-256 of all that stands before it, so that settings,
// structure and state belong together under one checksum: a bit that is flipped anywhere, a
// setting that is edited, a file of another run are refused. What may change goes through
// the change of Resume. What no training writes is refused as well, whatever the checksums say:
// settings out of range, epochs out of order, scores that cannot be. Runs from before that, of schema 1, are read too; their next
// checkpoint makes them such as these. model.onnx gives a run its network's structure; the
// values in it are derived from state.safetensors: the best epoch's, if the run restores
// them, else the last.
//
// # Crashes
//
// A checkpoint writes .state.safetensors.next and .model.onnx.next and brings them to the
// disk. The moment in which run.json is replaced, by one rename, makes them the run's; then
// they take their names, and metrics.csv is written. A process that is killed leaves the
// checkpoint before or this one, and may leave besides:
//
//	lock               which nobody holds
//	.*.tmp             temporary files
//	.*.next            before the moment: to be forgotten; after it: not yet renamed
//
// Open takes each file under whichever name has the checksum, and writes nothing. Resume
// finishes the renames and removes the rest. As long as there is no run.json, or nothing
// has been trained, Create of the same run takes such a folder as if it were empty; Next
// removes those that it finds. A folder that holds nothing else stays: it is as good as a
// new one.
//
// state.safetensors and model.onnx depend only on what defines the result: no time,
// host, path or number of workers is in them, so equal runs give equal bytes.
//
// Beside the runs of a folder stands the file latest, one line that names the newest of
// those below it: text and not a symbolic link, because Windows gives those only to
// administrators.
package run
