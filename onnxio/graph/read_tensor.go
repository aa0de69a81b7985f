package graph

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// ReadTensor reads a tensor from a file that holds nothing else, such as
// test_data_set_0/input_0.pb beside ONNX's test models. The tensor keeps
// referring to b, which must not change afterwards.
func ReadTensor(b []byte) (*Tensor, error) {
	if int64(len(b)) > MaxFileSize {
		return nil, fmt.Errorf("the tensor is %d bytes long, at most %d are allowed", len(b), MaxFileSize)
	}
	d := newDecoder(len(b))
	f := d.scan(&tensorProto, b)
	t := d.tensor(&f)
	if f.err != nil {
		return nil, fmt.Errorf("tensor %q: %w", f.peek(8), f.err)
	}
	return t, nil
}

// tensor reads the TensorProto f; errors are left in f.
func (d *decoder) tensor(f *fields) *Tensor {
	t := &Tensor{Name: f.name(8), Type: f.dataType(2)}
	if t.Type == Undefined {
		f.failf("data_type is missing")
	}
	rank := 0
	for _, b := range f.values(1) {
		rank += f.varints(1, b)
	}
	if rank > MaxRank {
		f.failf("dims has %d dimensions, at most %d are allowed", rank, MaxRank)
	}
	t.Dims = f.ints(1)
	n, err := t.elements()
	f.fail(err)
	if f.err == nil {
		f.fail(d.payload(f, t, n))
	}
	return t
}

// dataFields are the fields of which one holds a tensor's elements.
var dataFields = [...]protowire.Number{tensorFloatData, tensorInt32Data, tensorStringData,
	tensorInt64Data, tensorRawData, tensorDoubleData, tensorUint64Data}

// payload finds the n elements of t, wherever the file keeps them, and checks
// that their length is what the dims say.
func (d *decoder) payload(f *fields, t *Tensor, n int64) error {
	var found protowire.Number
	for _, num := range dataFields {
		if !f.filled(num) {
			continue
		}
		if found != 0 {
			return fmt.Errorf("it has data in both %s and %s", tensorProto.fields[found].name, tensorProto.fields[num].name)
		}
		found = num
	}
	switch location := f.int(14); {
	case location == 1 && found != 0:
		return fmt.Errorf("its data_location is EXTERNAL, but it has data in %s", tensorProto.fields[found].name)
	case location == 1:
		return d.externalPayload(f, t, n)
	case location != 0:
		return fmt.Errorf("data_location %d is not known", location)
	case f.has(13):
		return fmt.Errorf("it has external_data, but its data_location is not EXTERNAL")
	case found == 0 && n > 0:
		return fmt.Errorf("dims %v need %d elements, but there is no data", t.Dims, n)
	case found == 0:
		return nil
	case found != tensorRawData && found != dataTypes[t.Type].field:
		return fmt.Errorf("%s elements cannot be in %s", t.Type, tensorProto.fields[found].name)
	}
	return f.storePayload(t, found, n)
}

// filled reports whether a data field holds anything: an empty packed one, which
// some writers make, does not.
func (f *fields) filled(num protowire.Number) bool {
	if num == tensorStringData {
		return f.has(num)
	}
	for _, b := range f.values(num) {
		if len(b) > 0 {
			return true
		}
	}
	return false
}

// storePayload takes the elements in field num over into t. Packed floats are
// the same bytes as raw_data; packed integers are kept packed until asked for.
func (f *fields) storePayload(t *Tensor, num protowire.Number, n int64) error {
	switch num {
	case tensorStringData:
		if int64(f.count[num]) != n {
			return fmt.Errorf("dims %v need %d strings, but string_data holds %d", t.Dims, n, f.count[num])
		}
		t.Strings = f.byteStrings(num)
	case tensorRawData, tensorFloatData, tensorDoubleData:
		if t.Type == String {
			return fmt.Errorf("STRING elements cannot be in raw_data")
		}
		t.Raw = f.joined(num)
		if need := t.Type.rawSize(n); f.err == nil && int64(len(t.Raw)) != need {
			return fmt.Errorf("dims %v of %s need %d bytes, but %s holds %d", t.Dims, t.Type, need, tensorProto.fields[num].name, len(t.Raw))
		}
	default:
		t.packed = f.joined(num)
		got := int64(f.varints(num, t.packed))
		if need := t.Type.typedCount(n); f.err == nil && got != need {
			return fmt.Errorf("dims %v of %s need %d entries, but %s holds %d", t.Dims, t.Type, need, tensorProto.fields[num].name, got)
		}
	}
	return f.err
}

// externalPayload loads the elements of t from a file beside the model.
func (d *decoder) externalPayload(f *fields, t *Tensor, n int64) error {
	ref, err := d.externalRef(f)
	if err != nil {
		return err
	}
	if t.Type == String {
		return fmt.Errorf("external data %q: STRING elements cannot be external", ref.location)
	}
	if d.external == nil {
		return fmt.Errorf("its data is in the external file %q: read the model from its folder, with ReadFile", ref.location)
	}
	t.Raw, err = d.external(ref, t.Type.rawSize(n))
	if err != nil {
		return fmt.Errorf("external data %q: %w", ref.location, err)
	}
	return nil
}
