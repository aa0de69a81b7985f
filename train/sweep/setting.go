package sweep

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/run"
)

// notSwept are the settings that have no values to choose from: what a run finds out by itself,
// the seed, which is every grid's, and what does not change the result.
var notSwept = []string{"gonn", "net_path", "net_sha256", "data_path", "data_sha256", "class_names", "seed", "workers"}

// Set gives settings the value that a text stands for. The setting has its name in run.json; the
// values of net and data may be paths. An error is a *recipe.SettingError.
func Set(s *run.Settings, setting, text string) error {
	err := set(s, setting, text)
	if err != nil {
		return &recipe.SettingError{Setting: setting, Value: text, Err: err}
	}
	return nil
}

func set(s *run.Settings, setting, text string) (err error) {
	switch v := field(s, setting); {
	case !v.IsValid() || slices.Contains(notSwept, setting):
		return errors.New("no setting that can be swept has this name")
	case setting == "net":
		recipe.SetNet(s, text)
	case setting == "data":
		recipe.SetData(s, text)
	case text == "":
		return errors.New("need a value")
	case v.Kind() == reflect.String:
		v.SetString(text)
	default:
		return setParsed(s, v, setting, text)
	}
	return nil
}

// setParsed sets a number or a switch. A 0 that would stand for the optimizer's default is refused.
func setParsed(s *run.Settings, v reflect.Value, setting, text string) error {
	switch v.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("need true or false")
		}
		v.SetBool(b)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return errors.New("need a whole number")
		}
		v.SetInt(int64(n))
	case reflect.Float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) {
			return errors.New("need a number")
		}
		v.SetFloat(x)
	default:
		return fmt.Errorf("a setting of type %v cannot be swept", v.Type())
	}
	switch optimizer, _, _ := strings.Cut(s.Optimizer, ":"); {
	case setting == "lr" && !(s.LR > 0):
		return errors.New("the learning rate must be above 0")
	case setting == "weight_decay" && s.WeightDecay == 0 && optimizer == "adamw":
		return errors.New("adamw without weight decay is adam, choose that")
	}
	return nil
}

// spelled is a value as grids and names of cells have it: numbers in their shortest form.
func spelled(setting, text string) (string, error) {
	var s run.Settings
	if err := Set(&s, setting, text); err != nil {
		return "", err
	}
	switch v := field(&s, setting); v.Kind() {
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), nil
	case reflect.String:
		return text, nil
	default:
		return fmt.Sprint(v.Interface()), nil
	}
}

// field is the field of a setting by its name in run.json, not valid if there is none.
func field(s *run.Settings, setting string) reflect.Value {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if run.SettingName(v.Type().Field(i)) == setting {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}
