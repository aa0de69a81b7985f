package score

// Class is how a classifier does on one class. Where there is nothing to divide by the
// value is 0, as in scikit-learn with zero_division=0.
type Class struct {
	// Precision is the share of the samples taken for the class that are of it; 0 if
	// none was.
	Precision float64
	// Recall is the share of the class's samples that were taken for it; 0 if it has
	// none.
	Recall float64
	// F1 is the harmonic mean of the two, 2·TP/(2·TP + FP + FN); 0 if there is neither a
	// sample nor an answer of the class.
	F1 float64
	// Support is the number of the class's samples, also of those without an answer.
	Support int
}

// Classes are those of the data set, in their order.
func (s *Scores) Classes() []Class {
	classes := make([]Class, len(s.Confusion))
	for k, row := range s.Confusion {
		taken := 0 // for class k
		for _, other := range s.Confusion {
			taken += other[k]
		}
		c := &classes[k]
		c.Support = s.Unanswered[k]
		for _, n := range row {
			c.Support += n
		}
		c.Precision = ratio(row[k], taken)
		c.Recall = ratio(row[k], c.Support)
		c.F1 = ratio(2*row[k], taken+c.Support)
	}
	return classes
}

// Macro is the mean over all classes, each counting alike, those without samples too:
// scikit-learn's average="macro" with labels=range(classes). Support is the sum.
func (s *Scores) Macro() (m Class) {
	classes := s.Classes()
	for _, c := range classes {
		m.Precision += c.Precision / float64(len(classes))
		m.Recall += c.Recall / float64(len(classes))
		m.F1 += c.F1 / float64(len(classes))
		m.Support += c.Support
	}
	return m
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
