package main

import (
	"fmt"
	"math"
	"slices"
)

// A formula is a graph of operations on vectors of floats. An activation is described with
// the methods below, once for all instruction sets and without a register in sight;
// formula_emit.go makes a kernel of it.
type formula struct {
	set    isa
	params params
	values []*value // in the order of computation
	known  map[string]*value
	normed bool // x is normalised

	derivative bool // chain gives the derivative itself
}

// value is the result of an operation. What depends on the parameter and on numbers alone
// is uniform: it is computed once, before the loop.
type value struct {
	op      string
	args    []*value
	imm     uint64      // of a shift or a comparison
	number  float32     // of a constant
	row     [16]float32 // of a row of constants
	uniform bool

	uses, last int // how many there are, and the place of the last
}

// params says how many parameters there are.
type params int

const (
	oneParam   params = iota // one for all, or none
	pixelParam               // one for each pixel, or one for all
	eachParam                // one for each value
)

func newFormula(set isa, p params) *formula {
	return &formula{set: set, params: p, known: map[string]*value{}}
}

// The inputs: x, the gradient dy and the parameter. A normalised x is (x − r[0])·r[1] + r[2],
// each operation rounded, where the numbers r follow the parameter.
func (f *formula) x() *value {
	x := f.value("x", 0)
	if !f.normed {
		return x
	}
	rate := func(i uint64) *value { return f.value("rate", i) }
	return f.add(f.mul(f.sub(x, rate(0)), rate(1)), rate(2))
}
func (f *formula) dy() *value { return f.value("dy", 0) }
func (f *formula) param() *value {
	return f.value([]string{"param", "pixelParam", "eachParam"}[f.params], 0)
}

// accumulate adds v to the gradient of the parameter.
func (f *formula) accumulate(v *value) { f.value("accumulate", 0, v) }

// store writes v to y, whereupon the result goes to where dy is otherwise.
func (f *formula) store(v *value) { f.value("store", 0, v) }

// effects are operations that something comes of besides the result.
var effects = []string{"accumulate", "store"}

// inputs are not the same for all vectors.
var inputs = []string{"x", "dy", "pixelParam", "eachParam"}

// num is a constant.
func (f *formula) num(v float64) *value {
	bits := math.Float32bits(float32(v))
	n := f.value(fmt.Sprintf("%08x", bits), 0)
	n.number, n.op = float32(v), "number"
	return n
}

// bits is a constant with the bits of an integer.
func (f *formula) bits(b uint32) *value { return f.num(float64(math.Float32frombits(b))) }

// value is an operation, which is done once if it is asked for twice. Arguments are values
// or numbers.
func (f *formula) value(op string, imm uint64, args ...any) *value {
	v := &value{op: op, imm: imm, uniform: !slices.Contains(inputs, op)}
	key := fmt.Sprint(op, imm)
	for _, a := range args {
		arg, ok := a.(*value)
		if !ok {
			arg = f.num(toFloat(a))
		}
		v.args = append(v.args, arg)
		v.uniform = v.uniform && arg.uniform
		key += fmt.Sprintf(" %p", arg)
	}
	if same := f.known[key]; same != nil {
		return same
	}
	f.known[key] = v
	f.values = append(f.values, v)
	return v
}

func toFloat(a any) float64 {
	switch a := a.(type) {
	case float64:
		return a
	case int:
		return float64(a)
	}
	panic(fmt.Sprintf("%v is neither a value nor a number", a))
}

func (f *formula) add(a, b any) *value { return f.value("add", 0, a, b) }
func (f *formula) sub(a, b any) *value { return f.value("sub", 0, a, b) }
func (f *formula) mul(a, b any) *value { return f.value("mul", 0, a, b) }
func (f *formula) div(a, b any) *value { return f.value("div", 0, a, b) }

// fma is a·b + c, fms a·b − c and fnma c − a·b, each rounded once.
func (f *formula) fma(a, b, c any) *value  { return f.value("fma", 0, a, b, c) }
func (f *formula) fms(a, b, c any) *value  { return f.value("fms", 0, a, b, c) }
func (f *formula) fnma(a, b, c any) *value { return f.value("fnma", 0, a, b, c) }

// min and max give b if one of both is a NaN, or if both are zeros of any sign.
func (f *formula) min(a, b any) *value { return f.value("min", 0, a, b) }
func (f *formula) max(a, b any) *value { return f.value("max", 0, a, b) }

// On bits.
func (f *formula) and(a, b any) *value    { return f.value("and", 0, a, b) }
func (f *formula) or(a, b any) *value     { return f.value("or", 0, a, b) }
func (f *formula) xor(a, b any) *value    { return f.value("xor", 0, a, b) }
func (f *formula) andNot(a, b any) *value { return f.value("andNot", 0, a, b) } // ^a & b
func (f *formula) addInt(a, b any) *value { return f.value("addInt", 0, a, b) }
func (f *formula) subInt(a, b any) *value { return f.value("subInt", 0, a, b) }
func (f *formula) shiftLeft(a any, n uint64) *value {
	return f.value("shiftLeft", n, a)
}
func (f *formula) shiftRight(a any, n uint64) *value {
	return f.value("shiftRight", n, a)
}

// choose is yes where x compares with y, else no. keep is v there, else 0.
func (f *formula) choose(x any, predicate uint8, y, yes, no any) *value {
	return f.value("choose", uint64(predicate), x, y, yes, no)
}
func (f *formula) keep(x any, predicate uint8, y, v any) *value {
	return f.value("keep", uint64(predicate), x, y, v)
}

// lookup is the number in each lane of a table that the lane's index says, of which the lowest
// five bits count. It is an instruction of AVX-512.
func (f *formula) lookup(table [32]float32, index *value) *value {
	return f.value("lookup", 0, index, f.row([16]float32(table[:16])), f.row([16]float32(table[16:])))
}

// row is a vector of constants.
func (f *formula) row(numbers [16]float32) *value {
	row := f.value(fmt.Sprint("row", numbers), 0)
	row.row, row.op = numbers, "row"
	return row
}

// polynomial is Σ c[i]·xⁱ.
func (f *formula) polynomial(x any, c ...float64) *value {
	sum := f.num(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		sum = f.fma(sum, x, c[i])
	}
	return sum
}

// polynomials is polynomial with coefficients of which each has a table.
func (f *formula) polynomials(x, index *value, c ...[32]float32) *value {
	sum := f.lookup(c[len(c)-1], index)
	for i := len(c) - 2; i >= 0; i-- {
		sum = f.fma(sum, x, f.lookup(c[i], index))
	}
	return sum
}

// constant says that v is in memory, as operands may be.
func (v *value) constant() bool { return v.op == "number" || v.op == "row" }

// prune leaves what the result needs, what is uniform first, and counts uses.
func (f *formula) prune(result *value) (uniform, varying []*value) {
	needed := map[*value]bool{result: true}
	for i := len(f.values) - 1; i >= 0; i-- {
		if v := f.values[i]; needed[v] || slices.Contains(effects, v.op) {
			needed[v] = true
			for _, a := range v.args {
				needed[a] = true
			}
		}
	}
	for _, v := range f.values {
		switch {
		case !needed[v] || v.constant():
		case v.uniform:
			uniform = append(uniform, v)
		default:
			varying = append(varying, v)
		}
	}
	if f.set.floats == 16 {
		varying = maskProducts(varying)
	}
	const loop = 1 << 30 // the loop comes again
	for i, v := range append(uniform[:len(uniform):len(uniform)], varying...) {
		for _, a := range v.args {
			a.uses++
			if a.last = max(a.last, i); a.uniform && !v.uniform {
				a.last = loop
			}
		}
	}
	result.uses, result.last = result.uses+1, loop
	return uniform, varying
}
