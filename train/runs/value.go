package runs

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Value is what a run has under a name.
type Value struct {
	Text   string  // for people
	Number float64 // if IsNumber; a time in seconds
	// IsNumber reports whether values of the name compare as numbers. Others compare as texts.
	IsNumber bool
}

func number(v float64, text string) Value { return Value{Text: text, Number: v, IsNumber: true} }

// settingNames are settings that have another name here than in run.json, because something else
// has that; metricNames are such metrics.
var (
	settingNames = map[string]string{"loss": "loss_name", "epochs": "epochs_asked"}
	metricNames  = map[string]string{"lr": "last_lr"}
)

func renamed(name string, names map[string]string) string { return cmp.Or(names[name], name) }

// collect gathers all that the run has, the first of each name.
func (r *Run) collect() {
	r.values = map[string]Value{}
	add := func(name string, v Value) {
		if _, ok := r.values[name]; !ok {
			r.values[name] = v
			r.names = append(r.names, name)
		}
	}
	add("run", Value{Text: r.Name})
	if r.Err != nil {
		add("state", Value{Text: Unreadable})
		return
	}
	r.collectProgress(add)
	for name, v := range r.Settings.All() {
		add(renamed(name, settingNames), valueOf(v))
	}
	if r.Result != nil {
		addParts(add, "", reflect.ValueOf(*r.Result))
	}
	if n := len(r.Metrics); n > 0 {
		for _, v := range r.Metrics[n-1].Values {
			add(renamed(v.Name, metricNames), number(v.Value, format(v.Name, v.Value)))
		}
	}
}

func (r *Run) collectProgress(add func(string, Value)) {
	add("state", Value{Text: string(r.State)})
	add("epochs", number(float64(r.Epochs()), fmt.Sprintf("%d/%d", r.Epochs(), r.Settings.Epochs)))
	if best, ok := r.Best(); ok {
		add("best_epoch", number(float64(best.Epoch), strconv.Itoa(best.Epoch)))
		t := r.Time()
		text := t.Round(time.Second).String()
		if t < 10*time.Second {
			text = fmt.Sprintf("%.1fs", t.Seconds())
		}
		add("time", number(t.Seconds(), text))
	}
	add("started", Value{Text: r.Sessions[0].Started.UTC().Format("2006-01-02T15:04:05Z")})
}

// addParts adds the numbers of a result by their paths in run.json, joined by underscores.
func addParts(add func(string, Value), path string, v reflect.Value) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		name = path + name
		f := v.Field(i)
		if f.Kind() == reflect.Pointer {
			if f.IsNil() {
				continue
			}
			f = f.Elem()
		}
		switch {
		case f.Kind() == reflect.Struct:
			addParts(add, name+"_", f)
		case f.CanFloat():
			add(name, number(f.Float(), format(name, f.Float())))
		default:
			add(name, valueOf(f.Interface()))
		}
	}
}

// Get is what the run has under a name, if it has it:
//
//	run         its Name
//	state       as run.State, Failed or Unreadable
//	epochs      those that are done
//	best_epoch  the one with the lowest loss on the validation data, else on the training data
//	time        what the epochs took
//	started     when, in UTC
//	act, …      a setting by its name in run.json, but loss_name and epochs_asked for loss and epochs
//	test_loss, best_test_accuracy, …
//	            a part of the result by its path in run.json
//	loss, val_accuracy, …
//	            a metric of the last epoch that is done, but last_lr for lr
//
// Accuracies may be written short, as in test_acc.
func (r *Run) Get(name string) (Value, bool) {
	v, ok := r.values[Long(name)]
	return v, ok
}

// Long spells the name of an accuracy out: test_accuracy for test_acc. Others stay.
func Long(name string) string { return respelled(name, "acc", "accuracy") }

// Short spells the name of an accuracy as a column of a table does, test_acc.
func Short(name string) string { return respelled(name, "accuracy", "acc") }

// respelled replaces the last word of a name.
func respelled(name, from, to string) string {
	rest, ok := strings.CutSuffix(name, from)
	if ok && (rest == "" || strings.HasSuffix(rest, "_")) {
		return rest + to
	}
	return name
}

// IsNumber reports whether a run of the list has a number under the name.
func (l *List) IsNumber(name string) bool {
	return slices.ContainsFunc(l.Runs, func(r *Run) bool { v, _ := r.Get(name); return v.IsNumber })
}

// Names are those under which a run of the list has something, each once.
func (l *List) Names() (names []string) {
	seen := map[string]bool{}
	for _, r := range l.Runs {
		for _, name := range r.names {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// valueOf is the value of a setting.
func valueOf(v any) Value {
	text := textOf(v)
	r := reflect.ValueOf(v)
	switch {
	case r.CanFloat():
		return number(r.Float(), text)
	case r.CanInt():
		return number(float64(r.Int()), text)
	case r.CanUint():
		return number(float64(r.Uint()), text)
	}
	return Value{Text: text}
}

func textOf(v any) string { return fmt.Sprint(v) }

// format is the text of a measurement: losses and accuracies have four digits, as in all reports.
func format(name string, v float64) string {
	last := name[strings.LastIndexByte(name, '_')+1:]
	if slices.Contains([]string{"loss", "accuracy"}, last) && math.Abs(v) < 1e6 {
		return strconv.FormatFloat(v, 'f', 4, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
