package layer_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/nntest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if testing.Verbose() {
		fmt.Println("promise T9: " + nntest.Summary())
	}
	os.Exit(code)
}
