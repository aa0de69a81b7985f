package reference

import (
	"fmt"
	"slices"
)

// cumulateOps are the operators that join every element with those before it along an
// axis.
var cumulateOps = map[string]op{
	"CumSum":  cumulate(addition, 0),
	"CumProd": cumulate(reductions["mul"], 1),
}

// cumulate joins by a rule; none is the result of no elements. In reverse the elements
// behind count. exclusive leaves out the element itself.
func cumulate(r rule2, none int64) op {
	return func(c *call) ([]*Tensor, error) {
		x, err := c.input(0)
		if err != nil {
			return nil, err
		}
		list := c.list(1)
		if len(list) != 1 {
			return nil, fmt.Errorf("its axis is %v, it must be one number", list)
		}
		axis, err := axisOf(list[0], x.Rank())
		if err != nil {
			return nil, err
		}
		if err := x.numbers(); err != nil {
			return nil, err
		}
		rows, _, n, err := x.rows([]int{axis}, false)
		if err != nil {
			return nil, err
		}
		start, err := cast(vector([]int{int(none)}), x.Type)
		if err != nil {
			return nil, err
		}
		exclusive, reverse := c.flag("exclusive", false), c.flag("reverse", false)
		y := rows.clone()
		for i := range rows.Len() / max(n, 1) {
			order := make([]int, n)
			for k := range order {
				order[k] = i*n + k
			}
			if reverse {
				slices.Reverse(order)
			}
			so := start.clone()
			for _, p := range order {
				if exclusive {
					y.set(p, so, 0)
				}
				r.into(so, 0, rows, p)
				if !exclusive {
					y.set(p, so, 0)
				}
			}
		}
		return one(y.toAxis(axis))
	}
}
