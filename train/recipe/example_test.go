package recipe_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gonn-toolkit/gonn/train/recipe"
)

// What gonn train does, in a program.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	s := recipe.Default()
	s.Act, s.Limit, s.Epochs = "mish", 200, 1
	t, err := recipe.New(s)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := t.Create(filepath.Join(dir, t.Stem())); err != nil {
		fmt.Println(err)
		return
	}
	history, err := t.Run()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, result, err := t.Finish()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Settings.Net, "with", t.Settings.Act, "on", t.Set.Name)
	fmt.Println(len(history.Epochs), "epoch,", result.Test.Samples, "test samples")
	// Output:
	// study with mish on mnist-inverted
	// 1 epoch, 200 test samples
}
