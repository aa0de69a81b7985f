package runpage

import (
	"cmp"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/shell"
)

// found are the settings that say what a run found, and not what it was asked for.
var found = []string{"gonn", "data_sha256", "net_sha256", "class_names"}

// setting is one of a run's.
type setting struct {
	Name        string // in run.json
	Value       string // "" if it is off, and by default too
	Default     string // that it would have had beside the others
	Differs     bool
	Environment bool // does not define the result
}

// settingOf compares a setting with its default.
func settingOf(name string, v, standard any) setting {
	s := setting{Name: name, Value: shown(v), Default: shown(standard), Differs: v != standard, Environment: name == "workers"}
	if _, isText := v.(string); s.Differs && s.Value == "" && !isText {
		s.Value = fmt.Sprint(v) // a seed of 0
	}
	return s
}

// settingsOf lists the settings of a run, but for what it found and what is off in the run and by
// default.
func settingsOf(s run.Settings) ([]setting, error) {
	standard, err := defaultsBeside(s)
	if err != nil {
		return nil, err
	}
	defaults := map[string]any{}
	for name, v := range standard.All() {
		defaults[name] = v
	}
	var all []setting
	for name, v := range s.All() {
		one := settingOf(name, v, defaults[name])
		if !slices.Contains(found, name) && (one.Value != "" || one.Default != "") {
			all = append(all, one)
		}
	}
	return all, nil
}

// defaultsBeside are the default settings of a run with the network, optimizer and semantics of s,
// on which others depend.
func defaultsBeside(s run.Settings) (run.Settings, error) {
	d := recipe.Default()
	d.NetPath = s.NetPath
	d, err := recipe.Complete(d)
	if err != nil {
		return d, err
	}
	if s.NetPath != "" {
		d.NetPath, d.Normalize = "", s.Normalize // that of the file
	}
	semantics, err := op.ParseSemantics(s.Semantics)
	if err != nil {
		return d, err
	}
	c, err := optim.Config{Name: s.Optimizer, Semantics: semantics}.WithDefaults()
	if err != nil {
		return d, err
	}
	d.LR, d.WeightDecay = c.LR, c.WeightDecay
	d.Kink = s.Semantics
	if s.NetPath == "" {
		d.Init = s.Semantics
	}
	if s.Data == "" {
		d.Data = ""
	}
	return d, nil
}

// shown is a setting's value, "" if it is off.
func shown(v any) string {
	if reflect.ValueOf(v).IsZero() {
		return ""
	}
	return fmt.Sprint(v)
}

// addSettings writes those that differ from the defaults, then the others.
func (s *section) addSettings(all []setting) {
	rows := map[bool][][]cell{}
	for _, x := range all {
		dash := func(s string) cell { return long(cmp.Or(s, "–")) }
		row := []cell{text(flagName(x.Name)), dash(x.Value)}
		if x.Differs {
			row = append(row, dash(x.Default))
		}
		rows[x.Differs] = append(rows[x.Differs], row)
	}
	if len(rows[true]) == 0 {
		s.say("All settings are the defaults of gonn train.")
	} else {
		s.add(part{Table: &table{Caption: "Settings that differ from the defaults of gonn train", Head: heads("setting", "here", "default"), Rows: rows[true]}})
	}
	s.add(part{More: "The other settings", Hidden: []part{{Table: &table{Head: heads("setting", "value"), Rows: rows[false]}}}})
}

// flagName is the flag of gonn train that gives a setting.
func flagName(setting string) string {
	name, _ := strings.CutSuffix(setting, "_path")
	return strings.ReplaceAll(name, "_", "-")
}

// flags are those of gonn train that give the settings which differ, but for some.
func flags(all []setting, without ...string) string {
	var b strings.Builder
	for _, x := range all {
		if !x.Differs || x.Value == "" || x.Environment || slices.Contains(without, x.Name) {
			continue
		}
		switch flag := " --" + flagName(x.Name); x.Value {
		case "true":
			b.WriteString(flag)
		case "false":
			b.WriteString(flag + "=false")
		default:
			b.WriteString(flag + " " + shell.Word(x.Value))
		}
	}
	return b.String()
}

// base is the name of a folder, also of the one at hand.
func base(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Base(dir)
}
