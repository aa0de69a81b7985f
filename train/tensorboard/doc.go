// Package tensorboard writes event files, which TensorBoard reads: the course of a training as
// scalars, histograms, pictures, text, settings and a graph. It needs no TensorFlow.
//
// Writer writes events one by one, to any io.Writer. Logger is a callback that writes those of a
// training, and Past gives them for one that has been. What they write, the step being the number
// of epochs done:
//
//	loss/train, loss/val, lr, …  every series of the epochs, by its Tag
//	result/…                     what was measured at the end
//	weights/LAYER.PARAM          histograms of the parameters, at the start and every few epochs
//	slopes/LAYER.PARAM           the same of what activations learn
//	gradients/LAYER.PARAM        histograms of the gradients of an epoch's last step, before clipping
//	filters/LAYER                the filters of the first convolution
//	slope maps/LAYER.PARAM       slopes, if there is one for each element of a feature map
//	data/train                   some samples of each class
//	settings                     a table, for the TEXT tab; the HPARAMS tab has them too
//
// In pictures of parameters blue is below 0 and red above; the strongest colour is the largest
// magnitude in the picture.
//
// # Format
//
// An event file is a sequence of TFRecords, each with a protocol buffer Event. Scalars, histograms
// and pictures are the messages of TensorFlow 1, which PyTorch writes too: TensorBoard turns them
// into tensors, and its EventAccumulator and what people build on it find them by their kinds.
//
// # Resuming
//
// Each session has a file of its own, events.out.tfevents.SECONDS.gonn. When a training goes on
// from a checkpoint, events of later epochs are cut from the files before it, and whatever cannot
// be read with all that follows it, so that each step is in the files once, whoever reads them. A
// TensorBoard that has seen those events forgets them: each file begins with a SessionLog START, as
// TensorFlow's do. The files belong to gonn from their names on; those
// of other programs in the folder are left alone.
package tensorboard
