package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// optionalFlag is a flag whose value may be left out: --watch or --watch=8080.
type optionalFlag struct{ *cli.GenericFlag }

// TakesValue is false: what follows the flag as a word of its own is no value of it.
func (optionalFlag) TakesValue() bool { return false }

func (f optionalFlag) String() string { return cli.FlagStringer(f) }

// listValue is the value of a flag that may be given several times.
type listValue struct {
	texts []string
	isYes bool // without a value it is true
}

func (v *listValue) Set(text string) error {
	v.texts = append(v.texts, text)
	return nil
}

func (v *listValue) String() string   { return strings.Join(v.texts, ",") }
func (v *listValue) IsBoolFlag() bool { return v.isYes }

// listFlag is a flag of a setting as one that may be given several times.
func listFlag(f cli.Flag) cli.Flag {
	l := &cli.GenericFlag{Name: f.Names()[0], Value: &listValue{}}
	if d, ok := f.(cli.DocGenerationFlag); ok {
		l.Usage = d.GetUsage()
	}
	switch f := f.(type) {
	case *cli.BoolFlag:
		l.Value = &listValue{isYes: true}
		l.Usage += "; --" + l.Name + "=true,false for both"
		return optionalFlag{l}
	case *cli.StringFlag:
		l.DefaultText = f.DefaultText
	case *cli.IntFlag:
		l.DefaultText = f.DefaultText
	case *cli.Float64Flag:
		l.DefaultText = f.DefaultText
	}
	return l
}

// listed are the texts that a listFlag was given.
func listed(c *cli.Context, name string) []string {
	v, ok := c.Generic(name).(*listValue)
	if !ok {
		return nil
	}
	return v.texts
}
