package op

// Layer describes one operation of a network: its hyperparameters, without
// shapes of data and without parameter values. Layers are small values
// (layer.Conv{Out: 8, Kernel: [2]int{7, 7}}) that may be used any number of times.
type Layer interface {
	// Kind is the usual name of the layer: "Conv", "Dense", "PReLU".
	Kind() string
	// Stem is the prefix of the names that Sequential gives: "conv", "act".
	Stem() string
	// Bind fixes the shapes of the inputs. It returns an error for shapes that the layer
	// does not take, which says what it got and what it needs. The Builder adds the layer's
	// name.
	Bind(in []Shape) (Op, error)
}

// BatchChecker is a Layer that cannot train on every number of samples. CheckBatch returns an error
// for a batch of so many, with an output of shape out for each.
type BatchChecker interface {
	Layer
	CheckBatch(out Shape, samples int) error
}
