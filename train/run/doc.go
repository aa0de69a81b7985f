// Package run keeps a training in a folder of standard files:
//
//	run.json           every setting, the sessions that trained, the results
//	state.safetensors  everything that a resume needs: the truth about the training
//	model.onnx         what the training has come to, for every tool that reads ONNX
//	metrics.csv        one row an epoch
//
// While a run is trained there is also a file lock, with the id of the process. The system
// keeps the lock itself, so that a crash releases it whatever the file says.
//
// Each file is replaced by one rename, so a crash or a full disk leaves the old one or
// the new one. model.onnx gives a run its network's structure; the values in it are
// derived from state.safetensors (the best epoch's, if the run restores them, else the
// last) and written again when a run is resumed.
//
// state.safetensors and model.onnx depend only on what defines the result: no time,
// host, path or number of workers is in them, so equal runs give equal bytes.
//
// Beside the runs of a folder stands the file latest, one line that names the newest of
// those below it: text and not a symbolic link, because Windows gives those only to
// administrators.
package run
