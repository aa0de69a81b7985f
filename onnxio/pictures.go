package onnxio

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// ChannelsLast reports whether an input is of pictures (N, H, W, C) by its shape: it has one
// or three channels as its last axis, and not as its second.
func ChannelsLast(in *graph.Value) bool {
	channels := func(axis int) bool {
		return in.Shape[axis].Known() && (in.Shape[axis].Size == 1 || in.Shape[axis].Size == 3)
	}
	return in.HasShape && len(in.Shape) == 4 && channels(3) && !channels(1)
}

// pictureOrder is the order of an input's axes by which a network that flattens its input takes
// pictures, which have their channels first; nil if that is the file's own.
func pictureOrder(in *graph.Value) AxisOrder {
	switch {
	case len(in.Shape) == 3: // grey ones, (N, H, W), or anything else of two axes
		return AxisOrder{0, 2, 3}
	case ChannelsLast(in):
		return AxisOrder{0, 2, 3, 1}
	}
	return nil
}

// ofPictures gives the network of a file in pictureOrder, or im, which was read in the file's
// own order, if a layer has shown that this is the one. A layer that flattens its input does
// not: it takes any order, and only the shape of the input says which one pictures have.
func ofPictures(im *Imported, in *graph.Value, read func(AxisOrder) (*Imported, error)) *Imported {
	order := pictureOrder(in)
	if order == nil || im.InputOrder != nil || !im.flattensInput() {
		return im
	}
	pictures, err := read(order)
	if err != nil || !pictures.flattensInput() {
		return im
	}
	return pictures
}

// flattensInput reports whether all that the network does with the axes of its input is to
// flatten them.
func (im *Imported) flattensInput() bool {
	whole := map[string]bool{nn.InputName: true} // values whose axes are the input's
	flat := false
	for _, n := range im.Network.Nodes() {
		if !slices.ContainsFunc(n.Inputs, func(in string) bool { return whole[in] }) {
			continue
		}
		switch n.Layer.Kind() {
		case "Flatten":
			flat = true
		case "Rescaling", "Dropout", "Add", "Mul":
			whole[n.Name] = true
		default:
			if _, elementwise := n.Layer.(activation.Layer); !elementwise {
				return false
			}
			whole[n.Name] = true
		}
	}
	return flat
}
