// Package parity reports whether two computations are the same: whether a network gives what
// another framework recorded, layer by layer, which layer is wrong by itself and why, who is
// nearer to the truth, and how two networks answer the same data.
//
// # Prove that your Go port computes what PyTorch computes
//
// Record what each module gives for a few samples, beside the model itself: a copy, since a layer
// behind may work in place, and each call, since a module may be called again. The exporter folds
// BatchNorm into the convolution in front; optimize=False keeps it a layer of its own.
//
//	recorded, calls = {}, collections.Counter()
//
//	def record(name, y):
//	    calls[name] += 1
//	    if torch.is_tensor(y):
//	        recorded[name if calls[name] == 1 else f"{name}#{calls[name]}"] = y.detach().clone().numpy()
//
//	for name, module in model.named_modules():
//	    if name:
//	        module.register_forward_hook(lambda m, args, y, name=name: record(name, y))
//	model.eval()                                     # else dropout and batch statistics are recorded
//	np.savez("inputs.npz", input=x.numpy())
//	with torch.no_grad():
//	    recorded["output"] = model(x.clone()).numpy()
//	np.savez("expected.npz", **recorded)
//	torch.onnx.export(model, (x,), "model.onnx", input_names=["input"], output_names=["output"],
//	                  dynamo=True, external_data=False, optimize=False,
//	                  dynamic_shapes=({0: torch.export.Dim("batch")},))
//
// Keras, whose layers give (N, H, W, C) and may be recorded so:
//
//	outputs = keras.Model(model.inputs, {l.name: l.output for l in model.layers})
//	np.savez("expected.npz", **{name: np.asarray(y) for name, y in outputs(x, training=False).items()})
//	np.savez("inputs.npz", input=x)
//	model.export("model.onnx", format="onnx")
//
// Then look, and keep it so:
//
//	$ gonn compare model.onnx --inputs inputs.npz --expected expected.npz
//
//	func TestParity(t *testing.T) {
//		model, err := parity.OpenModel("testdata/model.onnx")
//		if err != nil {
//			t.Fatal(err)
//		}
//		recorded, err := parity.ReadRecorded("testdata/inputs.npz", "testdata/expected.npz")
//		if err != nil {
//			t.Fatal(err)
//		}
//		parity.Check(t, model, recorded, parity.Options{})
//	}
//
// A network that was built in Go instead of read is held by ModelOf. Whether training is the
// same too, gradients and optimizer steps, is answered by gonn record and gonn compare BUNDLE.
//
// # What is compared
//
// Layers runs each layer twice: behind the layers in front of it, and fed what the reference
// recorded for its inputs. The second is its error by itself. A layer whose inputs were not
// recorded is fed what gonn computes from the nearest values that were. Beside both stand the
// errors against the file in float64. The outputs of all ways in which users run a network are
// held against those of running it layer by layer: one sample, blocks of them, folded
// normalisation, fast convolutions, on every backend of the processor.
//
// Recorded tensors are found by the file's names of values, by the names of PyTorch's modules
// or Keras's layers, by the order in which they were recorded, and where these do not tell by
// what the layers compute. Those that belong nowhere are listed (Report.Unplaced). A module that
// is called again has relu#2, relu#3, …; recorded once, its call is found by its numbers. What
// was overwritten in place is recognised, and what was recorded in training mode (Layer.Training).
// A layer whose value was placed by its order alone and differs is Layer.Guessed: it is accused
// only if no other is. Layers in front of the first wrong one that were not recorded are named
// with it (FirstWrong.With).
//
// # Tolerances
//
// An element a passes against b if |a − b| ≤ atol + rtol·max|b| over the tensor: float32 sums
// carry their error on the scale of their terms. Correct programs agree within 1e-6 before
// training and 1e-5 after it; close (1e-5, 1e-5) is the default, above 1e-4 something is
// wrong. A layer by itself may be off by more where its inputs cancel each other: by what a
// change of their last digits makes. Report.Output.Passing is the smallest tolerance that would pass. If the outputs are
// equal nothing is accused, however the inner values differ: BatchNorm may be folded, channels
// renumbered, factors moved. If they differ and no layer stands out from the others, weights
// are noisy, and none is accused either.
package parity
