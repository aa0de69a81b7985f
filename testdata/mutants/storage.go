package main

// storageFaults are in what is written to the disk, read back, and locked.
var storageFaults = []fault{
	{
		name: "errors of a write are dropped",
		file: "train/atomicfile/atomicfile.go",
		old:  "return errors.Join(err, f.Close())",
		new:  "errors.Join(err, f.Close())\n\treturn nil",
		pkg:  "train/atomicfile", test: "TestFullDeviceIsAnError",
	},
	{
		name: "the old file goes before the new one is complete",
		file: "train/atomicfile/together.go",
		old:  "\ttemps, at, err := r.writeTemps(files)\n\tif err != nil {\n\t\treturn at, err\n\t}\n\treturn r.exchange",
		new:  "\tfor _, f := range files {\n\t\tos.Remove(f.Path)\n\t}\n\ttemps, at, err := r.writeTemps(files)\n\tif err != nil {\n\t\treturn at, err\n\t}\n\treturn r.exchange",
		pkg:  "train/atomicfile", test: "TestWriteThatDoesNotFitLeavesTheOldFile",
	},
	{
		name: "a failed training overwrites the last checkpoint",
		file: "train/run/checkpoint.go",
		old:  "if st.Err != nil || st.Position",
		new:  "if st.Position",
		pkg:  "train/run", test: "TestFailedTrainingKeepsTheLastCheckpoint",
	},
	{
		name: "the lock is not taken",
		file: "train/run/internal/filelock/lock_unix.go",
		old:  "err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)",
		new:  "var err error",
		pkg:  "train/run/internal/filelock", test: "TestThereIsOneHolder",
	},
	{
		name: "a run is resumed without its lock",
		file: "train/run/session.go",
		old:  "\ts.lock = l\n",
		new:  "\tl.Release()\n\ts.lock = l\n",
		pkg:  "train/run", test: "TestARunIsLockedWhileAProcessTrainsIt",
	},
	{
		name: "the checksum of the state is not compared",
		file: "train/run/internal/safetensors/safetensors.go",
		old:  "if !bytes.Equal(again, b) {",
		new:  "if !bytes.Equal(again[:lengthSize], b[:lengthSize]) {",
		pkg:  "train/run/internal/safetensors", test: "TestEveryFlippedOrMissingByteIsRefused",
	},
	{
		name: "the end of a tensor of the state is not checked",
		file: "train/run/internal/safetensors/safetensors.go",
		old:  " || hi > size {",
		new:  " {",
		pkg:  "train/run/internal/safetensors", test: "TestHostileFilesAreRefused",
	},
	{
		name: "the exit codes of the signals are exchanged",
		file: "cmd/gonn/signals.go",
		old:  "if s.first == syscall.SIGTERM {",
		new:  "if s.first != syscall.SIGTERM {",
		pkg:  "cmd/gonn", test: "TestSignalsStopAndSetTheExitCode",
	},
	{
		name: "a reader imports net/http",
		file: "onnxio/graph/size.go",
		old:  "package graph\n",
		new:  "package graph\n\nimport _ \"net/http\"\n",
		pkg:  "cmd/gonn", test: "TestImports",
	},
}
