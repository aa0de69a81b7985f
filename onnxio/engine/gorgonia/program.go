package gorgonia

import (
	"fmt"
	"sync"

	"github.com/owulveryck/onnx-go"
	"github.com/owulveryck/onnx-go/backend/x/gorgonnx"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/gonn-toolkit/gonn/nn"
)

// alone lets one goroutine at a time into onnx-go, which names the nodes of all graphs by
// one counter.
var alone sync.Mutex

// guard calls f and turns its panics into errors.
func guard(f func() error) (err error) {
	alone.Lock()
	defer alone.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("onnx-go or Gorgonia panicked: %v", r)
		}
	}()
	return f()
}

// run decodes a clean file, runs it on x and gives its one output.
func run(file []byte, x *nn.Tensor) (y *nn.Tensor, err error) {
	err = guard(func() error {
		p, err := decode(file, x)
		if err != nil {
			return err
		}
		y, err = p.compute(p.result)
		return err
	})
	return y, err
}

// gradients decodes a clean file and gives the gradient of Σ dy·y, at x, with respect to
// the initializers of the given names.
func gradients(file []byte, x, dy *nn.Tensor, names []string) (grads map[string]*nn.Tensor, err error) {
	err = guard(func() error {
		p, err := decode(file, x)
		if err != nil {
			return err
		}
		params, err := p.find(names)
		if err != nil {
			return err
		}
		seed := gorgonia.NodeFromAny(p.graph, toTensor(dy), gorgonia.WithName("dy"))
		product, err := gorgonia.HadamardProd(p.result, seed)
		if err != nil {
			return err
		}
		sum, err := gorgonia.Sum(product)
		if err != nil {
			return err
		}
		derived, err := gorgonia.Grad(sum, params...)
		if err != nil {
			return err
		}
		grads = map[string]*nn.Tensor{}
		for i, n := range derived {
			if grads[names[i]], err = p.compute(n); err != nil {
				return fmt.Errorf("the gradient of %q: %w", names[i], err)
			}
		}
		return nil
	})
	return grads, err
}

// program is a decoded file as Gorgonia's graph.
type program struct {
	model  *onnx.Model
	graph  *gorgonia.ExprGraph
	result *gorgonia.Node
	walk
}

// decode reads a clean file and sets its input.
func decode(file []byte, x *nn.Tensor) (*program, error) {
	backend := gorgonnx.NewGraph()
	p := &program{model: onnx.NewModel(backend)}
	if err := p.model.UnmarshalBinary(file); err != nil {
		return nil, err
	}
	if err := p.model.SetInput(0, toTensor(x)); err != nil {
		return nil, err
	}
	var err error
	if p.graph, err = backend.GetExprGraph(); err != nil {
		return nil, err
	}
	p.walk = walk{p.graph, map[*gorgonia.Node]gorgonia.Value{}}
	// The result is what is computed and not read; inputs that only gave a shape are not
	// read either.
	for _, n := range p.graph.Roots() {
		if n.Op() != nil && p.result != nil {
			return nil, fmt.Errorf("Gorgonia's graph has two results, %v and %v", p.result.Op(), n.Op())
		}
		if n.Op() != nil {
			p.result = n
		}
	}
	if p.result == nil {
		return nil, fmt.Errorf("Gorgonia's graph has no result")
	}
	return p, nil
}

// find gives the nodes that hold initializers. onnx-go keeps their names to itself, but
// not their values.
func (p *program) find(names []string) (gorgonia.Nodes, error) {
	byValue := map[gorgonia.Value]*gorgonia.Node{}
	for _, n := range p.graph.AllNodes() {
		if n.Op() == nil {
			byValue[n.Value()] = n
		}
	}
	var found gorgonia.Nodes
	for _, name := range names {
		node, ok := p.model.GetNodeByName(name)
		if !ok {
			return nil, fmt.Errorf("onnx-go has lost the initializer %q", name)
		}
		n := byValue[node.(onnx.DataCarrier).GetTensor()]
		if n == nil {
			return nil, fmt.Errorf("Gorgonia's graph has no node for the initializer %q", name)
		}
		found = append(found, n)
	}
	return found, nil
}

// compute gives the value of a node.
func (p *program) compute(n *gorgonia.Node) (*nn.Tensor, error) {
	v, err := p.value(n)
	if err != nil {
		return nil, err
	}
	t, ok := v.(tensor.Tensor)
	if !ok {
		return nil, fmt.Errorf("got %T from Gorgonia, need a tensor", v)
	}
	t = tensor.Materialize(t) // in row-major order
	data, ok := t.Data().([]float32)
	if !ok {
		return nil, fmt.Errorf("got a tensor of %v from Gorgonia, need float32", t.Dtype())
	}
	return &nn.Tensor{Shape: t.Shape().Clone(), Data: append([]float32(nil), data...)}, nil
}

// toTensor copies, as Gorgonia may write into what it is given.
func toTensor(x *nn.Tensor) tensor.Tensor {
	return tensor.New(tensor.WithShape(x.Shape...), tensor.WithBacking(append([]float32(nil), x.Data...)))
}
