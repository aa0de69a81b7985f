package kinds

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/train/data"
)

// Input is what a picture is made of.
type Input struct {
	// Sources are what the user named, in this order.
	Sources []Source
	// Data is the set of kinds that need one, read as the first source reads pixels.
	Data *data.Set
	// Options are the values that were given; those of bool options are "true".
	Options map[string]string
	// Workers is the number of goroutines, 0 for one a processor.
	Workers int
	// Context stops what takes long; nil for one that does not end.
	Context context.Context
}

func (in *Input) context() context.Context {
	if in.Context == nil {
		return context.Background()
	}
	return in.Context
}

// UsageError is an error of how a picture was asked for.
type UsageError struct{ error }

func (e UsageError) Unwrap() error { return e.error }

// Usage makes a UsageError.
func Usage(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

// Bool reports whether an option was given.
func (in *Input) Bool(name string) bool { return in.Options[name] == "true" }

// Text is an option's value, or what it is if it was not given.
func (in *Input) Text(name, otherwise string) string {
	if v := in.Options[name]; v != "" {
		return v
	}
	return otherwise
}

// List is an option's value, split at its commas.
func (in *Input) List(name string, otherwise ...string) []string {
	if v := in.Options[name]; v != "" {
		return strings.Split(v, ",")
	}
	return otherwise
}

// Int is an option's value, a whole number from least to most.
func (in *Input) Int(name string, otherwise, least, most int) (int, error) {
	v := in.Options[name]
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		return 0, Usage("--%s %s: give a whole number from %d to %d", name, v, least, most)
	}
	return n, nil
}

// Float is an option's value, a number above 0.
func (in *Input) Float(name string, otherwise float64) (float64, error) {
	v := in.Options[name]
	if v == "" {
		return otherwise, nil
	}
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || !(x > 0) || x-x != 0 {
		return 0, Usage("--%s %s: give a number above 0", name, v)
	}
	return x, nil
}
