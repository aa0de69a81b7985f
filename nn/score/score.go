package score

import "github.com/gonn-toolkit/gonn/nn"

// Scores is what one pass over a data set tells about a classifier.
type Scores struct {
	nn.Stats
	// Unanswered[k] is the number of samples of class k whose output gives no class
	// (nn.NoClass). They are in neither Ranks nor Confusion, and count as wrong.
	Unanswered []int
	// FirstUnanswered is the index of the first of them; -1 if there are none.
	FirstUnanswered int
	// Ranks[r] is the number of samples that put r other classes before their label.
	Ranks []int
	// Confusion[k][j] is the number of samples of class k that were taken for class j:
	// rows are the truth, as in scikit-learn's confusion_matrix. A network of one output
	// answers with two classes, also where the data has samples of one only.
	Confusion [][]int
}

// Of runs a network over a data set. The loss is that of nn.Network.Evaluate, to the
// bit, and so is the accuracy. workers is the number of goroutines, 0 for one a
// processor.
func Of(net *nn.Network, data nn.Samples, loss nn.Loss, workers int) (*Scores, error) {
	type answer struct{ class, rank int32 }
	answers := make([]answer, data.Len())
	st, err := net.EvaluateEach(data, loss, workers, func(idx []int, out nn.Block) {
		for l, i := range idx {
			class, before := nn.Predicted(out, l, loss), 0
			if class != nn.NoClass {
				before = rank(out, l, data.Label(i), class)
			}
			answers[i] = answer{int32(class), int32(before)}
		}
	})
	if err != nil {
		return nil, err
	}
	classes := data.Classes()
	if net.OutputShape().Size() == 1 {
		classes = max(classes, 2)
	}
	s := &Scores{Stats: st, Unanswered: make([]int, classes), FirstUnanswered: -1, Ranks: make([]int, classes), Confusion: make([][]int, classes)}
	for k := range s.Confusion {
		s.Confusion[k] = make([]int, classes)
	}
	for i, a := range answers {
		if a.class == nn.NoClass {
			s.Unanswered[data.Label(i)]++
			if s.FirstUnanswered < 0 {
				s.FirstUnanswered = i
			}
			continue
		}
		s.Ranks[a.rank]++
		s.Confusion[data.Label(i)][a.class]++
	}
	return s, nil
}

// rank is the number of classes that an answer puts before the label: those with a
// larger output, and of equal outputs the first ones.
func rank(out nn.Block, lane, label, predicted int) int {
	if predicted == label {
		return 0
	}
	outputs := out.Shape.Size()
	if outputs == 1 {
		return 1
	}
	before, at := 0, out.Data[label*nn.Lanes+lane]
	for k := range outputs {
		if v := out.Data[k*nn.Lanes+lane]; v > at || v == at && k < label {
			before++
		}
	}
	return before
}

// Top is the share of samples whose label is among the k classes with the largest
// outputs; Top(1) is the accuracy. Of equal outputs the first classes are taken, so that
// k classes are never more than k. (Keras's TopKCategoricalAccuracy takes all that are
// equal to the last one, scikit-learn's top_k_accuracy_score the last ones.)
func (s *Scores) Top(k int) float64 {
	in := 0
	for _, n := range s.Ranks[:min(k, len(s.Ranks))] {
		in += n
	}
	return float64(in) / float64(max(s.Samples, 1))
}
