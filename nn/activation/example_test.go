package activation_test

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/activation"
)

func ExampleParse() {
	for _, spelled := range []string{"leaky:-0.5", "prelu", "swish-beta:one:1.5", "leaky"} {
		act, err := activation.Parse(spelled)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(act, "is", act.Func.Formula)
	}
	// Output:
	// leaky:-0.5 is x for x > 0, a·x otherwise
	// prelu:element is x for x > 0, a·x otherwise, a learned
	// swish-beta:one:1.5 is x·sigmoid(b·x), b learned
	// activation "leaky": needs its alpha, as in leaky:0.01
}
