package cause

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Find searches for a cause. It returns an error for a case without the values it needs, and
// when ctx is done.
func Find(ctx context.Context, c Case) (*Finding, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	f := &Finding{Tried: map[string]int{}}
	before, few, err := c.survey(ctx)
	if err != nil {
		return nil, err
	}
	f.Before = before
	if before <= 1 {
		return f, nil
	}
	some := c
	if few != nil {
		some = c.some(few)
	}
	s := &search{c: &some, all: &c, f: f, ctx: ctx, deadline: time.Now().Add(c.budget())}
	if err := s.run(); err != nil {
		return nil, err
	}
	if f.Cause != nil {
		f.Cause.Before = before
	}
	return f, nil
}

// search is one call of Find.
type search struct {
	c        *Case // with the samples that are searched with
	all      *Case
	f        *Finding
	ctx      context.Context
	deadline time.Time
	whole    *stage
	suspects []*suspect
	wrong    []*suspect // before some were joined
	progress sync.Mutex
	done     int
}

// little is an error of the outputs so small that no correction could be told from noise.
const little = 2

func (s *search) run() error {
	if err := s.makeWhole(); err != nil {
		return err
	}
	if s.c.Behind {
		s.behind()
		return context.Cause(s.ctx)
	}
	if err := s.locate(); err != nil {
		return err
	}
	if s.whole.before < little {
		return nil
	}
	for _, u := range s.suspects[:min(len(s.suspects), mostSuspects)] {
		if s.search(u.stage, u.places(), rounds) {
			return nil
		}
	}
	columns := rounds
	if len(s.suspects) == 1 && s.suspects[0].alone {
		columns = rounds[:1] // in case a value of the reference was taken for another layer's
	}
	if !s.search(s.whole, nil, columns) {
		s.weights()
	}
	return context.Cause(s.ctx)
}

// makeWhole is the stage from the inputs to the outputs.
func (s *search) makeWhole() error {
	net := s.c.Net
	names, inside := []string{}, map[string]bool{}
	for _, p := range net.Inputs() {
		names = append(names, p.Name)
	}
	for _, node := range net.Nodes() {
		names = append(names, node.Name)
		inside[node.Name] = true
	}
	values, err := run(net, s.c.Inputs, names...)
	if err != nil {
		return err
	}
	var targets []string
	want := batch{}
	for _, p := range net.Outputs() {
		targets = append(targets, p.Name)
		want[p.Name] = s.c.Want[p.Name]
	}
	s.addUnplaced(values)
	s.whole = newStage(s.c, inside, values, targets, want)
	return nil
}

// unplaced is the name in a batch of a value of the reference without a layer.
func unplaced(name string) string { return "?" + name }

func (s *search) addUnplaced(values batch) {
	for _, t := range s.c.Unplaced {
		if isBatch(t.Tensor) && t.Shape[0] == s.c.samples() {
			values[unplaced(t.Name)] = t.Tensor
		}
	}
}

// search tries columns of the table at places of a stage, one after the other, and reports whether a cause was
// found. Without places it takes all layers and inputs.
func (s *search) search(st *stage, names []string, columns []func(kind) func(*place)) bool {
	if names == nil {
		for _, p := range s.c.Net.Inputs() {
			names = append(names, p.Name)
		}
		for _, node := range s.c.Net.Nodes() {
			names = append(names, node.Name)
		}
	}
	for _, column := range columns {
		hits := s.round(st, names, column)
		h := best(hits)
		for h != nil && !s.verify(h) {
			hits = slices.DeleteFunc(hits, func(o hit) bool { return o.value == h.value })
			h = best(hits)
		}
		if h != nil {
			s.f.Cause = &h.Cause
			if s.f.FirstWrong == "" {
				s.f.FirstWrong = h.Cause.Layer
			}
			return true
		}
	}
	return false
}

// round tries a column of the table at each place, several places at a time. Fits are begun at
// all places and finished where they begin best.
func (s *search) round(st *stage, names []string, column func(kind) func(*place)) []hit {
	places := make([]*place, len(names))
	s.each(len(names), func(i int) {
		places[i] = s.place(st, names[i])
		places[i].search(column)
		s.report(len(rounds) * len(names))
	})
	var begun []*race
	for _, p := range places {
		begun = append(begun, p.races...)
	}
	begun = s.promising(begun)
	s.each(len(begun), func(i int) { begun[i].finish() })
	var all []hit
	for _, p := range places {
		for kind, n := range p.tried {
			s.f.Tried[kind] += n
		}
		s.f.Exhausted = s.f.Exhausted || p.out
		all = append(all, p.found...)
	}
	for _, r := range begun {
		for kind, n := range r.tried {
			s.f.Tried[kind] += n
		}
		all = append(all, r.found...)
	}
	return all
}

// each calls f for 0 … n−1, several at a time.
func (s *search) each(n int, f func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}

func (s *search) report(total int) {
	if s.c.Progress == nil {
		return
	}
	s.progress.Lock()
	defer s.progress.Unlock()
	s.done++
	s.c.Progress(s.done, max(total, s.done))
}

// place is a layer, an input or a given value of a stage.
func (s *search) place(st *stage, name string) *place {
	p := &place{
		ctx: s.ctx, deadline: s.deadline, st: st, whole: s.whole, name: name,
		shape: shapeOf(s.c.Net, name), tried: map[string]int{}, patch: st.patch(name),
		outputs: slices.Contains(s.whole.targets, name),
	}
	p.input = s.c.Net.Node(name) == nil
	if st.inside[name] {
		p.node = s.c.Net.Node(name)
	}
	return p
}

// search tries the corrections of a column of the table.
func (p *place) search(column func(kind) func(*place)) {
	for i, k := range kinds {
		if f := column(k); f != nil && !p.stopped() {
			p.row = i
			f(p)
		}
	}
	p.patch = nil // its sections have copies of weights
}

// best is the correction to name: by the order of the table, but not one whose error is several
// times that of another one, nor one with more unknown numbers, nor one of a later layer if all
// else is equal.
func best(hits []hit) *hit {
	var b *hit
	for i := range hits {
		if h := &hits[i]; b == nil || better(h, b) {
			b = h
		}
	}
	return b
}

func better(a, b *hit) bool {
	const clear = 0.3 // errors below are rounding
	x, y := a.After, b.After
	switch {
	case max(x, y) > clear && (x > 3*y || y > 3*x):
		return x < y
	case a.row != b.row:
		return a.row < b.row
	case a.value.unlikely != b.value.unlikely:
		return b.value.unlikely
	}
	return a.value.unknowns < b.value.unknowns
}
