package nn

// ForwardAlone runs one sample through a network, with so many goroutines.
func ForwardAlone(n *Network, x []float32, workers int) []float32 {
	s := newSingle(n)
	s.crew = newCrew(workers)
	y := make([]float32, n.OutputShape().Size())
	s.forward(x, y, workers)
	return y
}
