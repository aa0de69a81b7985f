package model

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nonfinite"
)

// WhyNoClass says where the numbers begin that are not finite, for sample i of a set for which the
// model's output gives no class (nn.NoClass): in which parameters, and in which layer.
func (m *Model) WhyNoClass(s nn.Samples, i int) string {
	where, err := m.nonFinite(s, i)
	if err != nil {
		where = "where is not known: " + err.Error()
	}
	if where == "" {
		where = "all layers give numbers when gonn runs them"
	}
	list := []string{where}
	params := nonfinite.Params(m.Net)
	for k, p := range params {
		if k == 3 {
			list = append(list, fmt.Sprintf("and %d more parameters are not finite", len(params)-k))
			break
		}
		list = append(list, p.String())
	}
	return strings.Join(list, "; ")
}

// nonFinite names the first layer, or node of a file without a trainable form.
func (m *Model) nonFinite(s nn.Samples, i int) (string, error) {
	v, err := m.Normalized(s)
	if err != nil {
		return "", err
	}
	if m.Foreign != nil {
		node, err := m.Foreign.Head.NonFinite(v, i)
		if node != "" || err != nil {
			return node, err
		}
		return "all values are finite in float64, and too large for float32 in the output", nil
	}
	place, err := nonfinite.Sample(m.Net, v, i)
	if place == nil || err != nil {
		return "", err
	}
	return place.String(), nil
}
