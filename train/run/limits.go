package run

// The largest files that are read, in bytes. model.onnx has the limits of onnxio/graph.
const (
	maxRecord  = 64 << 20 // run.json, and files of settings
	maxState   = 1 << 30
	maxMetrics = 64 << 20
	maxLatest  = 64 << 10 // a path

	// maxRow is the longest line of metrics.csv, in bytes.
	maxRow = 64 << 10
)
