package parity

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// A module that is called several times, such as one ReLU behind every convolution, gives a value
// in each call. They are recorded as relu, relu#2, relu#3. A recording without numbers has the
// value of one call, in PyTorch of the last, in Keras of the first, and only its numbers tell
// which.

// home is where a recorded name belongs.
type home struct {
	value onnxio.RecoveredValue // of the file, if the name is that of one
	layer string                // "" if there is none
	vague string                // why it is not known which of several layers it is
}

// moduleCalls are the calls of modules in a file and in a recording.
type moduleCalls struct {
	file     *onnxio.ModuleValues
	recorded map[string]int // of each module, the highest number of a call
	// first: a name that is that of a module and of a value of the file is the module's, as most
	// others of the recording are. PyTorch's exporter calls values relu, relu_1.
	first bool
}

// callsOf are the calls in a recording. isValue reports whether a name is that of a value of the file.
func callsOf(file *onnxio.ModuleValues, recorded map[string]*nn.Tensor, isValue func(name string) bool) moduleCalls {
	c := moduleCalls{file: file, recorded: map[string]int{}}
	modules := 0 // more names that are modules' alone than values'
	for name := range recorded {
		module, call := callOf(name)
		c.recorded[module] = max(c.recorded[module], call)
		isModule := len(file.Of(module, func(string) bool { return true })) > 0
		switch {
		case isModule && !isValue(name):
			modules++
		case !isModule && isValue(name):
			modules--
		}
	}
	c.first = modules > 0
	return c
}

// callOf splits the name of a call, relu#2.
func callOf(name string) (module string, call int) {
	if i := strings.LastIndexByte(name, '#'); i > 0 {
		if n, err := strconv.Atoi(name[i+1:]); err == nil && n > 1 {
			return name[:i], n
		}
	}
	return name, 1
}

// inFile are the calls in a recording of a file's.
func inFile(im *onnxio.Imported, recorded map[string]*nn.Tensor) moduleCalls {
	return callsOf(im.Modules(), recorded, func(name string) bool {
		_, ok := im.Value(name)
		return ok && name != im.Output
	})
}

// value finds the file's value of a recorded name; ok is false if no module has the name. vague is
// why it is not known which call's it is.
func (c moduleCalls) value(name string) (value, vague string, ok bool) {
	module, call := callOf(name)
	all := c.file.Of(module, func(name string) bool { return c.recorded[name] > 0 })
	switch n := c.recorded[module]; {
	case len(all) == 0:
		return "", "", false
	case n == len(all):
		return all[call-1], "", true
	case n == 1:
		return "", fmt.Sprintf("the file calls module %s %d times, and it was recorded once: record each call, as %s, %s#2, …", module, len(all), module, module), true
	default:
		return "", fmt.Sprintf("module %s was recorded in %d calls, and the file tells %d of them apart", module, n, len(all)), true
	}
}

// homeIn finds where a recorded name belongs in a file.
func homeIn(im *onnxio.Imported, calls moduleCalls, name string) home {
	value, vague, ok := calls.value(name)
	if v, isValue := im.Value(name); isValue && !(ok && calls.first) {
		return home{value: v, layer: v.Layer}
	}
	if ok {
		if vague != "" {
			return home{vague: vague}
		}
		if v, ok := im.Value(value); ok && im.Network.Node(v.Layer) != nil {
			return home{value: v, layer: v.Layer}
		}
	}
	if im.Network.Node(name) != nil {
		return home{layer: name}
	}
	return home{}
}
