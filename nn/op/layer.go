package op

// Layer describes one operation of a network: its hyperparameters, without
// shapes of data and without parameter values. Layers are small values
// (layer.Conv{Out: 8, Kernel: [2]int{7, 7}}) that may be used any number of times.
type Layer interface {
	// Kind is the layer's name in the field: "Conv", "Dense", "PReLU".
	Kind() string
	// Stem is the start of the names that Sequential gives: "conv", "act".
	Stem() string
	// Bind fixes the shapes of the inputs. An input that the layer cannot take is
	// an error that says what it got and what it needs; the Builder puts the
	// layer's name in front.
	Bind(in []Shape) (Op, error)
}
