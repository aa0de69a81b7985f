package reference

// upsample is the operator that Resize comes from: places count from the corner, and nearest
// rounds them down.
func upsample(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	f := &filter{mode: c.string("mode", "nearest", "linear", "bilinear"), place: "asymmetric", nearest: "floor"}
	if f.mode == "bilinear" {
		f.mode = "linear"
	}
	scales, err := c.upsampleScales()
	if err == nil {
		err = c.err
	}
	if err != nil {
		return nil, err
	}
	axes, err := scaledAxes(x.Shape, scales)
	if err != nil {
		return nil, err
	}
	return one(f.apply(x, axes))
}

// upsampleScales were attributes at first, then an input.
func (c *call) upsampleScales() ([]float64, error) {
	switch {
	case c.opset < 7:
		return []float64{1, 1, c.float("height_scale", 0), c.float("width_scale", 0)}, nil
	case c.opset < 9:
		return c.fractions("scales"), nil
	}
	t, err := c.floats(1)
	if err != nil {
		return nil, err
	}
	return t.Floats, nil
}
