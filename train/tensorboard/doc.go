// Package tensorboard writes event files, which TensorBoard reads: the course of a training as
// scalars, histograms, pictures, text, settings and a graph. It needs no TensorFlow.
//
// Writer writes the events one by one, to any io.Writer. An event file is a sequence of TFRecords,
// each with a protocol buffer Event. Scalars, histograms and pictures are the messages of
// TensorFlow 1, as PyTorch writes them too: TensorBoard turns them into tensors, and its
// EventAccumulator and what people build on it find them by their kinds.
package tensorboard
