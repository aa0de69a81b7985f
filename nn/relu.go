package nn

// relu is f(x) = max(x, 0) (Nair & Hinton 2010). Its derivative at 0 is 0 in
// PyTorch and in Keras.
//
// ONNX: Relu.
var relu = ActFunc{
	Name:    "relu",
	Formula: "max(x, 0)",
	Forward: func(y, x []float32, _ float32) {
		for i, v := range x {
			if v < 0 {
				v = 0
			}
			y[i] = v
		}
	},
	Backward: func(dx, dy, x []float32, _ float32) float32 {
		for i, v := range x {
			if v > 0 {
				dx[i] = dy[i]
			} else {
				dx[i] = 0
			}
		}
		return 0
	},
}
