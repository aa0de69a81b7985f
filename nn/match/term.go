package match

// paired is a convolution or dense layer of both networks, with weights of one shape.
type paired struct {
	pair
	*filters // with the layouts of the first network
	first    *bank
	second   *bank
}

// term is what one layer says on an order of channels: how alike two of them are in its
// weights. They are outputs of the layer, its filters, or inputs, columns of its filters.
type term struct {
	*paired
	segment
	start    int  // of the segment, on its axis
	consumer bool // the channels are inputs
	values   *values

	kept   []float64 // gain at version keptAt; nil if it is not kept
	keptAt int
}

// termsOf lists what a layer says on the channels of a layout.
func termsOf(p *paired, l layout, consumer bool) (terms []*term) {
	start := 0
	for _, seg := range l {
		if seg.free() != nil {
			terms = append(terms, &term{paired: p, segment: seg, start: start, consumer: consumer})
		}
		start += seg.size()
	}
	return terms
}

// ready reports whether the term can be computed: the orders that it depends on are known.
func (t *term) ready() bool { return t.values != nil || t.others().resolved() }

// width is how many numbers a channel has in the term.
func (t *term) width() int {
	if t.consumer {
		return t.out * t.block * t.area
	}
	n := t.cols()
	if t.first.bias != nil {
		n++
	}
	return t.block * n
}

// reader gives the numbers of a channel, with filters scaled to a norm of 1, in the order of the
// first network.
type reader struct {
	*term
	bank *bank
	in   []int32 // of the inputs; the order in which the bank has them
	to   []int32 // of the outputs, if these are not the channels
}

func (t *term) readers() (first, second reader) {
	first = reader{term: t, bank: t.first, in: identity(t.inputs), to: identity(t.out)}
	second = reader{term: t, bank: t.second}
	if t.consumer {
		second.to = t.paired.to.order()
	} else {
		second.in = t.inputOrder()
	}
	return first, second
}

// read writes numbers from and on of a channel to dst.
func (r *reader) read(dst []float32, channel, from int) {
	if r.consumer {
		r.readColumns(dst, channel, from)
		return
	}
	length := r.cols()
	if r.bank.bias != nil {
		length++
	}
	for len(dst) > 0 {
		row := r.start + channel*r.block + from/length
		n := r.readFilter(dst, row, from%length)
		dst, from = dst[n:], from+n
	}
}

// readFilter writes numbers from and on of a filter, its bias at the end, and returns how many.
func (r *reader) readFilter(dst []float32, row, from int) int {
	b, scale, n := r.bank, r.bank.scale[row], 0
	for from < r.cols() && n < len(dst) {
		k := from % r.area
		run := min(r.area-k, len(dst)-n)
		at := b.index(row, int(r.in[from/r.area])) + k
		for i, w := range b.w[at : at+run] {
			dst[n+i] = float32(float64(w) * scale)
		}
		n, from = n+run, from+run
	}
	if n < len(dst) && b.bias != nil {
		dst[n] = float32(float64(b.bias[row]) * scale)
		n++
	}
	return n
}

// readColumns writes what all filters have for an input channel.
func (r *reader) readColumns(dst []float32, channel, from int) {
	b, each := r.bank, r.block*r.area // numbers of a filter
	for len(dst) > 0 {
		row, k := int(r.to[from/each]), from%each
		input := r.start + channel*r.block + k/r.area
		run := min(r.area-k%r.area, len(dst))
		at := b.index(row, input) + k%r.area
		for i, w := range b.w[at : at+run] {
			dst[i] = float32(float64(w) * b.scale[row])
		}
		dst, from = dst[run:], from+run
	}
}
