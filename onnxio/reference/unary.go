package reference

import "math"

// unaryOps are the functions of one number.
var unaryOps = map[string]op{
	"Abs":        rule1{math.Abs, abs64, same}.op,
	"Neg":        rule1{float: negative[float64], signed: negative[int64]}.op,
	"Sign":       rule1{sign[float64], sign[int64], sign[uint64]}.op,
	"Reciprocal": floats(func(x float64) float64 { return 1 / x }),
	"Sqrt":       floats(math.Sqrt),
	"Exp":        floats(math.Exp),
	"Log":        floats(math.Log),
	"Erf":        floats(math.Erf),
	"Floor":      floats(math.Floor),
	"Ceil":       floats(math.Ceil),
	"Round":      floats(math.RoundToEven),

	"Sin":   floats(math.Sin),
	"Cos":   floats(math.Cos),
	"Tan":   floats(math.Tan),
	"Asin":  floats(math.Asin),
	"Acos":  floats(math.Acos),
	"Atan":  floats(math.Atan),
	"Sinh":  floats(math.Sinh),
	"Cosh":  floats(math.Cosh),
	"Asinh": floats(math.Asinh),
	"Acosh": floats(math.Acosh),
	"Atanh": floats(math.Atanh),
}

// floats is a function of numbers with a fraction only.
func floats(f func(float64) float64) op { return rule1{float: f}.op }

func negative[T number](x T) T { return -x }

func same(x uint64) uint64 { return x }

func abs64(x int64) int64 { return max(x, -x) }

// sign is −1, 0 or 1, and NaN of NaN.
func sign[T number](x T) T {
	var zero T
	switch {
	case x > 0:
		return 1
	case x < 0:
		return zero - 1
	}
	return x
}
