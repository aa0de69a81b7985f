package reference

// scope holds the values of a graph by name, and those of the graphs around it.
type scope struct {
	values map[string]*Tensor
	outer  *scope
}

func (s *scope) find(name string) *Tensor {
	for ; s != nil; s = s.outer {
		if t := s.values[name]; t != nil {
			return t
		}
	}
	return nil
}
