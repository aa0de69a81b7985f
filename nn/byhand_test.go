package nn_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// byHand takes a batch through a network by hand: layer by layer with all blocks, each value
// and each gradient in memory of its own.
type byHand struct {
	net           *nn.Network
	mode          nn.Mode
	n             int
	ops           map[string]op.Op
	values, grads map[string][]nn.Block    // of each block
	training      map[string][]op.Training // likewise
	params        map[*nn.Param][][]float32
}

// forwardByHand computes the outputs of all layers. seed and step are those of Executor.Seed.
func forwardByHand(t testing.TB, net *nn.Network, mode nn.Mode, inputs map[string]*nn.Tensor, seed uint64, step int) *byHand {
	t.Helper()
	w := &byHand{
		net: net, mode: mode, ops: map[string]op.Op{}, values: map[string][]nn.Block{}, grads: map[string][]nn.Block{},
		training: map[string][]op.Training{}, params: map[*nn.Param][][]float32{},
	}
	for name, x := range inputs {
		w.n = x.Shape[0]
		w.values[name] = blocksOf(x)
	}
	for i, node := range net.Nodes() {
		var in []nn.Shape
		for _, name := range node.Inputs {
			in = append(in, w.values[name][0].Shape)
		}
		o, err := node.Layer.Bind(in)
		if err != nil {
			t.Fatal(err)
		}
		w.ops[node.Name] = o
		key := op.Mix(op.Mix(op.Mix(seed)+uint64(step)) + uint64(i))
		for b := range w.blocks() {
			first := b * nn.Lanes
			w.training[node.Name] = append(w.training[node.Name], op.Training{Key: key, First: first, Samples: min(nn.Lanes, w.n-first)})
			w.values[node.Name] = append(w.values[node.Name], nn.NewBlock(o.Shape()))
		}
		w.forward(node)
	}
	return w
}

func blocksOf(x *nn.Tensor) (list []nn.Block) {
	size := len(x.Data) / x.Shape[0]
	for first := 0; first < x.Shape[0]; first += nn.Lanes {
		b := nn.NewBlock(x.Shape[1:])
		b.SetSamples(x.Data[first*size : min(first+nn.Lanes, x.Shape[0])*size])
		list = append(list, b)
	}
	return list
}

func (w *byHand) blocks() int { return (w.n + nn.Lanes - 1) / nn.Lanes }

func (w *byHand) call(node *nn.Node, b int) *op.Call {
	c := &op.Call{Y: w.values[node.Name][b], Scratch: op.NewScratch(w.ops[node.Name])}
	for _, p := range node.Params {
		c.W = append(c.W, p.Data)
	}
	for _, in := range node.Inputs {
		c.X = append(c.X, w.values[in][b])
	}
	if w.mode == nn.Training {
		c.Training = &w.training[node.Name][b]
	}
	return c
}

func (w *byHand) forward(node *nn.Node) {
	if s, ok := w.ops[node.Name].(op.Synchronized); ok && w.mode == nn.Training {
		total, all := make([]float64, s.NumStatistics()), [][]float64(nil)
		for b := range w.blocks() {
			own := make([]float64, s.NumStatistics())
			s.ForwardStatistics(w.call(node, b), own)
			w.training[node.Name][b].Forward, w.training[node.Name][b].BlockForward = total, own
			all = append(all, own)
		}
		s.MergeForward(all, total)
	}
	for b := range w.blocks() {
		w.ops[node.Name].Forward(w.call(node, b))
	}
}

// back takes gradients back from seeds.
func (w *byHand) back(seeds map[string]*nn.Tensor) {
	for name, dy := range seeds {
		w.grads[name] = blocksOf(dy)
	}
	nodes := w.net.Nodes()
	for i := len(nodes) - 1; i >= 0; i-- {
		if w.grads[nodes[i].Name] != nil {
			w.backward(nodes[i])
		}
	}
}

func (w *byHand) backward(node *nn.Node) {
	calls := make([]*op.Call, w.blocks())
	for b := range calls {
		c := w.call(node, b)
		c.DY = w.grads[node.Name][b]
		for _, x := range c.X {
			c.DX = append(c.DX, nn.NewBlock(x.Shape))
		}
		if a, ok := w.ops[node.Name].(op.Accumulator); ok && a.Accumulates() && w.grads[node.Inputs[0]] != nil {
			c.Accumulate, c.DX[0] = true, w.grads[node.Inputs[0]][b]
		}
		for _, p := range node.Params {
			var dw []float32
			if p.Trained() {
				dw = make([]float32, len(p.Data))
				w.params[p] = append(w.params[p], dw)
			}
			c.DW = append(c.DW, dw)
		}
		calls[b] = c
	}
	if s, ok := w.ops[node.Name].(op.Synchronized); ok && w.mode == nn.Training {
		total := make([]float64, s.NumStatistics())
		for _, c := range calls {
			own := make([]float64, s.NumStatistics())
			s.BackwardStatistics(c, own)
			c.Training.Backward, c.Training.BlockBackward = total, own
			for k, v := range own {
				total[k] += v
			}
		}
	}
	for _, c := range calls {
		w.ops[node.Name].Backward(c)
	}
	for k, in := range node.Inputs {
		if calls[0].Accumulate && k == 0 {
			continue
		}
		if w.grads[in] == nil {
			for _, c := range calls {
				w.grads[in] = append(w.grads[in], c.DX[k])
			}
			continue
		}
		for b, c := range calls {
			for i, v := range c.DX[k].Data {
				w.grads[in][b].Data[i] += v
			}
		}
	}
}

// tensor is what blocks hold, (N, …).
func (w *byHand) tensor(blocks []nn.Block) *nn.Tensor {
	x := nn.NewTensor(append([]int{w.n}, blocks[0].Shape...)...)
	size := blocks[0].Shape.Size()
	for b, block := range blocks {
		first := b * nn.Lanes
		block.Samples(x.Data[first*size : min(first+nn.Lanes, w.n)*size])
	}
	return x
}

// gradient is that of a parameter, added up block by block.
func (w *byHand) gradient(p *nn.Param) []float32 {
	sum := make([]float32, len(p.Data))
	for _, block := range w.params[p] {
		for i, v := range block {
			sum[i] += v
		}
	}
	return sum
}
