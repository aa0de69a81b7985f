package live

import "github.com/gonn-toolkit/gonn/train"

// epochSeries are the named series of epochs, in the order in which their names came.
type epochSeries struct{ series []*series }

type series struct {
	Name  string   `json:"name"`
	Epoch []int    `json:"epoch"`
	Value []number `json:"value"`
}

func (e *epochSeries) add(m train.EpochMetrics) {
	for _, v := range m.Values {
		s := e.named(v.Name)
		s.Epoch, s.Value = append(s.Epoch, m.Epoch), append(s.Value, number(v.Value))
	}
}

func (e *epochSeries) named(name string) *series {
	for _, s := range e.series {
		if s.Name == name {
			return s
		}
	}
	s := &series{Name: name}
	e.series = append(e.series, s)
	return s
}

// view is a copy, to which nothing is added.
func (e *epochSeries) view() []series {
	list := []series{}
	for _, s := range e.series {
		list = append(list, *s)
	}
	return list
}
