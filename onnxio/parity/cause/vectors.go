package cause

func floats(x []float64) []float32 {
	v := make([]float32, len(x))
	for i := range x {
		v[i] = float32(x[i])
	}
	return v
}

func doubles(v []float32) []float64 {
	x := make([]float64, len(v))
	for i := range v {
		x[i] = float64(v[i])
	}
	return x
}

func identity(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// permuted takes element order[i] for place i, in blocks of equal size.
func permuted(v []float32, order []int) []float32 {
	block := len(v) / len(order)
	out := make([]float32, len(v))
	for i, o := range order {
		copy(out[i*block:(i+1)*block], v[o*block:])
	}
	return out
}

// scaled is a vector times a factor.
func scaled(v []float32, by float32) []float32 {
	out := make([]float32, len(v))
	for i := range v {
		out[i] = v[i] * by
	}
	return out
}

func repeat(x float32, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = x
	}
	return v
}
