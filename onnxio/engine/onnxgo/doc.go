// Package onnxgo lets programs that use onnx-go compute with gonn's kernels. Its Graph is
// an onnx-go backend and takes the place of onnx-go's own, which computes with Gorgonia:
//
//	backend := onnxgo.NewGraph() // was gorgonnx.NewGraph()
//	model := onnx.NewModel(backend)
//	err := model.UnmarshalBinary(file)
//	…
//	err = model.SetInput(0, input)
//	err = backend.Run()
//	output, err := model.GetOutputTensors()
//
// The nodes that onnx-go decodes become an ONNX graph again, of which onnxio.Import
// recovers the network. So what runs is what gonn imports: networks of one input and one
// output, of float32, for batches of any size. A model that is none is an error of Run
// which lists the nodes in the way.
package onnxgo
