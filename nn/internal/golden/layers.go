package golden

import (
	"bytes"
	"encoding/json"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Kinds reads the settings of each kind of layer that the cases have.
var Kinds = map[string]func(settings json.RawMessage) (op.Layer, error){
	"Activation":        decodeActivation,
	"Add":               decodeLayer[layer.Add],
	"AveragePool":       decodeLayer[layer.AveragePool],
	"BatchNorm":         decodeLayer[layer.BatchNorm],
	"Concat":            decodeLayer[layer.Concat],
	"Conv":              decodeLayer[layer.Conv],
	"ConvTranspose":     decodeLayer[layer.ConvTranspose],
	"Dense":             decodeLayer[layer.Dense],
	"Dropout":           decodeLayer[layer.Dropout],
	"Flatten":           decodeLayer[layer.Flatten],
	"GlobalAveragePool": decodeLayer[layer.GlobalAveragePool],
	"GlobalMaxPool":     decodeLayer[layer.GlobalMaxPool],
	"LogSoftmax":        decodeLayer[layer.LogSoftmax],
	"MaxPool":           decodeLayer[layer.MaxPool],
	"Mul":               decodeLayer[layer.Mul],
	"Pad":               decodeLayer[layer.Pad],
	"Softmax":           decodeLayer[layer.Softmax],
}

func decodeLayer[L op.Layer](settings json.RawMessage) (op.Layer, error) {
	var l L
	d := json.NewDecoder(bytes.NewReader(settings))
	d.DisallowUnknownFields()
	err := d.Decode(&l)
	return l, err
}

// decodeActivation reads an activation from its spelling.
func decodeActivation(settings json.RawMessage) (op.Layer, error) {
	var s struct{ Spelled string }
	if err := json.Unmarshal(settings, &s); err != nil {
		return nil, err
	}
	return activation.Parse(s.Spelled)
}
