package run

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
)

// Settings are everything that a run was asked for.
//
// The tag onnx:"-" marks what does not define the result, or is a path: it stays out of
// model.onnx. The tag onnx:"net" marks what a network that came from a file has before any
// training. The tag change:"yes" marks what may be another when a run is resumed.
type Settings struct {
	Gonn string `json:"gonn,omitempty" onnx:"-" change:"yes"` // version

	Net            string  `json:"net,omitempty"`                             // name of a preset
	NetPath        string  `json:"net_path,omitempty" onnx:"-"`               // or the file it came from
	NetSHA256      string  `json:"net_sha256,omitempty" onnx:"net"`           // and of the values that it came with; Create fills it in
	Act            string  `json:"act,omitempty"`                             // as activation.Parse spells it
	Data           string  `json:"data,omitempty"`                            // name of a data set
	DataPath       string  `json:"data_path,omitempty" onnx:"-" change:"yes"` // the same data may have moved
	DataSHA256     string  `json:"data_sha256,omitempty"`
	Resize         string  `json:"resize,omitempty" onnx:"net"` // of pictures, as the data's resizing spells it: "crop:32x32"
	EMNIST         bool    `json:"emnist,omitempty"`            // IDX files under MNIST's names are EMNIST's
	SkipUnreadable bool    `json:"skip_unreadable,omitempty"`   // pictures that cannot be read are passed over
	ByNumber       bool    `json:"by_number,omitempty"`         // classes are those of the network by number, not by name
	Limit          int     `json:"limit,omitempty"`             // first samples of the data that are used, 0 for all
	Val            float64 `json:"val,omitempty"`               // share of the data kept for validation

	Normalize  string `json:"normalize,omitempty" onnx:"net"`   // of pixels, as data.ParseNorm spells it
	Augment    string `json:"augment,omitempty"`                // of training samples, as data.ParseAugmentation spells it
	ClassNames string `json:"class_names,omitempty" onnx:"net"` // as data.ParseClassNames spells them

	Init      string `json:"init,omitempty"` // as nn.ParseInitializer spells it
	Kink      string `json:"kink"`           // semantics of what layers do in training, such as the derivative of activations at 0
	Loss      string `json:"loss"`           // as loss.Parse spells it
	Semantics string `json:"semantics"`      // of the optimizer and the loss
	// ClassWeights are as loss.ParseClassWeights spells them; "" for none.
	ClassWeights string `json:"class_weights,omitempty"`

	Optimizer   string  `json:"optimizer"`
	LR          float64 `json:"lr"` // 0 becomes the optimizer's default
	Momentum    float64 `json:"momentum,omitempty"`
	Nesterov    bool    `json:"nesterov,omitempty"`
	Centered    bool    `json:"centered,omitempty"`
	WeightDecay float64 `json:"weight_decay,omitempty"` // 0 becomes the optimizer's default
	DecayAll    bool    `json:"decay_all,omitempty"`    // decay more than weights
	ClipNorm    float64 `json:"clip_norm,omitempty"`
	ClipEach    bool    `json:"clip_each,omitempty"` // each parameter's gradient by its own norm
	ClipValue   float64 `json:"clip_value,omitempty"`
	Schedule    string  `json:"schedule,omitempty"` // as optim.ParseSchedule spells it; what ends with training gets its end
	Warmup      string  `json:"warmup,omitempty"`   // as optim.ParseWarmup spells it

	FastConv    bool   `json:"fast_conv,omitempty"` // as nn.Network.SetFastConv allows it
	Batch       int    `json:"batch"`
	Seed        uint64 `json:"seed"`
	Epochs      int    `json:"epochs" onnx:"-" change:"yes"`    // in all
	Patience    int    `json:"patience,omitempty" change:"yes"` // 0 for no early stopping
	RestoreBest bool   `json:"restore_best,omitempty" change:"yes"`
	Metrics     string `json:"metrics,omitempty" onnx:"-" change:"yes"` // that epochs record, as metric.Parse reads them
	Workers     int    `json:"workers,omitempty" onnx:"-" change:"yes"` // 0 for one a processor

	TensorBoard bool `json:"tensorboard,omitempty" onnx:"-" change:"yes"` // event files in the run's folder
	Histograms  int  `json:"histograms,omitempty" onnx:"-" change:"yes"`  // epochs from one set of histograms in them to the next, 0 for 1
}

// parts are what settings stand for.
type parts struct {
	kink      nn.Semantics
	loss      nn.Loss
	optimizer optim.Optimizer
	metrics   []recorded
	update
}

// parse builds the parts for a network and writes defaults into the settings.
func (s *Settings) parse(net *nn.Network) (p parts, err error) {
	if p.kink, err = op.ParseSemantics(s.Kink); err != nil {
		return parts{}, fmt.Errorf("kink: %w", err)
	}
	semantics, err := op.ParseSemantics(s.Semantics)
	if err != nil {
		return parts{}, err
	}
	if p.loss, err = s.NewLoss(); err != nil {
		return parts{}, err
	}
	if p.update, err = s.parseUpdate(semantics); err != nil {
		return parts{}, err
	}
	if p.optimizer, err = optim.NewFor(net, p.config); err != nil {
		return parts{}, err
	}
	if p.metrics, err = s.newMetrics(net); err != nil {
		return parts{}, err
	}
	return p, nil
}

// NewLoss is the loss that the settings ask for, with its semantics and class weights.
func (s Settings) NewLoss() (nn.Loss, error) {
	semantics, err := op.ParseSemantics(s.Semantics)
	if err != nil {
		return nil, err
	}
	l, err := loss.Parse(s.Loss, semantics)
	if err != nil || s.ClassWeights == "" {
		return l, err
	}
	weights, err := loss.ParseClassWeights(s.ClassWeights)
	if err != nil {
		return nil, err
	}
	return loss.WithClassWeights(l, weights, semantics)
}

// metadata is what model.onnx tells of its making: the settings that define the
// result, and how far the training has come. Of a network that came from a file and has
// not been trained yet, the settings of the training have defined nothing.
func (s Settings) metadata(p train.Position, bestEpoch int) map[string]string {
	m := map[string]string{"epochs": strconv.Itoa(p.Epoch)}
	if p.Step > 0 {
		m["steps_in_epoch"] = strconv.Itoa(p.Step)
	}
	if bestEpoch > 0 {
		m["best_epoch"] = strconv.Itoa(bestEpoch)
	}
	asItCame := s.NetPath != "" && p.Epoch == 0 && p.Step == 0
	s.eachField(func(name string, f reflect.StructField, v reflect.Value) {
		unused := v.IsZero() && strings.HasSuffix(f.Tag.Get("json"), ",omitempty")
		tag := f.Tag.Get("onnx")
		if tag != "-" && !unused && (!asItCame || tag == "net") {
			m[name] = fmt.Sprint(v.Interface())
		}
	})
	return m
}

// checkChange is an error if b differs from s in what a resumed run must keep.
func (s Settings) checkChange(b Settings) error {
	other := reflect.ValueOf(b)
	var err error
	s.eachField(func(name string, f reflect.StructField, v reflect.Value) {
		if now := other.FieldByIndex(f.Index); f.Tag.Get("change") != "yes" && !v.Equal(now) && err == nil {
			err = fmt.Errorf("%s is %q in this run and cannot become %q when it is resumed; start a new run",
				name, fmt.Sprint(v), fmt.Sprint(now))
		}
	})
	return err
}

// All gives each setting with its name in run.json, in the order there, those that are left
// empty too.
func (s Settings) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		v := reflect.ValueOf(s)
		for i := range v.NumField() {
			if !yield(SettingName(v.Type().Field(i)), v.Field(i).Interface()) {
				return
			}
		}
	}
}

// incidental are the settings that are no part of what a training is, by their names in run.json.
var incidental = []string{"gonn", "net_sha256", "data_sha256", "class_names", "workers", "metrics", "tensorboard", "histograms"}

// Incidental reports whether a setting, by its name in run.json, does not change the result of a
// training, or follows from the others: trainings are not told apart by it.
func Incidental(name string) bool { return slices.Contains(incidental, name) }

// SettingName is the name that a field of Settings has in run.json.
func SettingName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// eachField calls f with the name that each field has in run.json.
func (s Settings) eachField(f func(name string, field reflect.StructField, v reflect.Value)) {
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		f(SettingName(field), field, v.Field(i))
	}
}
