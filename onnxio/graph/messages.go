package graph

import "google.golang.org/protobuf/encoding/protowire"

// maxField is the largest field number of any message of ONNX.
const maxField = 26

// message describes one protobuf message of ONNX by its fields' numbers. A
// field without a name does not exist.
type message struct {
	name   string
	fields [maxField + 1]field
}

// field says how a field is stored and what the reader does with it. Numbers
// that repeat may be packed or not, as in any protobuf reader.
type field struct {
	name   string
	wire   protowire.Type
	many   bool   // repeated
	refuse string // not empty: why a file that has this field is refused
}

const (
	varint  = protowire.VarintType
	fixed32 = protowire.Fixed32Type
	fixed64 = protowire.Fixed64Type
	length  = protowire.BytesType // strings, bytes and messages
	many    = true
)

var modelProto = message{"ModelProto", [maxField + 1]field{
	1:  {name: "ir_version", wire: varint},
	2:  {name: "producer_name", wire: length},
	3:  {name: "producer_version", wire: length},
	4:  {name: "domain", wire: length},
	5:  {name: "model_version", wire: varint},
	6:  {name: "doc_string", wire: length},
	7:  {name: "graph", wire: length},
	8:  {name: "opset_import", wire: length, many: many},
	14: {name: "metadata_props", wire: length, many: many},
	20: {name: "training_info", wire: length, many: many, refuse: "training graphs are not read: export the model for inference"},
	25: {name: "functions", wire: length, many: many},
	26: {name: "configuration", wire: length, many: many}, // dropped: devices to compute on
}}

var opsetProto = message{"OperatorSetIdProto", [maxField + 1]field{
	1: {name: "domain", wire: length},
	2: {name: "version", wire: varint},
}}

var entryProto = message{"StringStringEntryProto", [maxField + 1]field{
	1: {name: "key", wire: length},
	2: {name: "value", wire: length},
}}

var graphProto = message{"GraphProto", [maxField + 1]field{
	1:  {name: "node", wire: length, many: many},
	2:  {name: "name", wire: length},
	5:  {name: "initializer", wire: length, many: many},
	10: {name: "doc_string", wire: length},
	11: {name: "input", wire: length, many: many},
	12: {name: "output", wire: length, many: many},
	13: {name: "value_info", wire: length, many: many},
	14: {name: "quantization_annotation", wire: length, many: many, refuse: "it would change what tensors stand for and is not read: use QuantizeLinear and DequantizeLinear nodes"},
	15: {name: "sparse_initializer", wire: length, many: many, refuse: "sparse tensors are not read: store it as a dense initializer"},
	16: {name: "metadata_props", wire: length, many: many}, // dropped
}}

var nodeProto = message{"NodeProto", [maxField + 1]field{
	1:  {name: "input", wire: length, many: many},
	2:  {name: "output", wire: length, many: many},
	3:  {name: "name", wire: length},
	4:  {name: "op_type", wire: length},
	5:  {name: "attribute", wire: length, many: many},
	6:  {name: "doc_string", wire: length},
	7:  {name: "domain", wire: length},
	8:  {name: "overload", wire: length},
	9:  {name: "metadata_props", wire: length, many: many},
	10: {name: "device_configurations", wire: length, many: many},
}}

var functionProto = message{"FunctionProto", [maxField + 1]field{
	1:  {name: "name", wire: length},
	4:  {name: "input", wire: length, many: many},
	5:  {name: "output", wire: length, many: many},
	6:  {name: "attribute", wire: length, many: many},
	7:  {name: "node", wire: length, many: many},
	8:  {name: "doc_string", wire: length}, // dropped
	9:  {name: "opset_import", wire: length, many: many},
	10: {name: "domain", wire: length},
	11: {name: "attribute_proto", wire: length, many: many},
	12: {name: "value_info", wire: length, many: many}, // dropped: types of inner values
	13: {name: "overload", wire: length},
	14: {name: "metadata_props", wire: length, many: many}, // dropped
}}

var attributeProto = message{"AttributeProto", [maxField + 1]field{
	1:  {name: "name", wire: length},
	2:  {name: "f", wire: fixed32},
	3:  {name: "i", wire: varint},
	4:  {name: "s", wire: length},
	5:  {name: "t", wire: length},
	6:  {name: "g", wire: length},
	7:  {name: "floats", wire: fixed32, many: many},
	8:  {name: "ints", wire: varint, many: many},
	9:  {name: "strings", wire: length, many: many},
	10: {name: "tensors", wire: length, many: many, refuse: "lists of tensors are not read"},
	11: {name: "graphs", wire: length, many: many, refuse: "lists of graphs are not read"},
	13: {name: "doc_string", wire: length}, // dropped
	14: {name: "tp", wire: length},
	15: {name: "type_protos", wire: length, many: many, refuse: "lists of types are not read"},
	20: {name: "type", wire: varint},
	21: {name: "ref_attr_name", wire: length},
	22: {name: "sparse_tensor", wire: length, refuse: "sparse tensors are not read: use a dense one"},
	23: {name: "sparse_tensors", wire: length, many: many, refuse: "sparse tensors are not read"},
}}

// Fields of TensorProto that hold elements.
const (
	tensorFloatData  protowire.Number = 4
	tensorInt32Data  protowire.Number = 5
	tensorStringData protowire.Number = 6
	tensorInt64Data  protowire.Number = 7
	tensorRawData    protowire.Number = 9
	tensorDoubleData protowire.Number = 10
	tensorUint64Data protowire.Number = 11
)

var tensorProto = message{"TensorProto", [maxField + 1]field{
	1:                {name: "dims", wire: varint, many: many},
	2:                {name: "data_type", wire: varint},
	3:                {name: "segment", wire: length, refuse: "tensors in segments are not read: store it whole"},
	tensorFloatData:  {name: "float_data", wire: fixed32, many: many},
	tensorInt32Data:  {name: "int32_data", wire: varint, many: many},
	tensorStringData: {name: "string_data", wire: length, many: many},
	tensorInt64Data:  {name: "int64_data", wire: varint, many: many},
	8:                {name: "name", wire: length},
	tensorRawData:    {name: "raw_data", wire: length},
	tensorDoubleData: {name: "double_data", wire: fixed64, many: many},
	tensorUint64Data: {name: "uint64_data", wire: varint, many: many},
	12:               {name: "doc_string", wire: length}, // dropped
	13:               {name: "external_data", wire: length, many: many},
	14:               {name: "data_location", wire: varint},
	16:               {name: "metadata_props", wire: length, many: many}, // dropped
}}

var valueProto = message{"ValueInfoProto", [maxField + 1]field{
	1: {name: "name", wire: length},
	2: {name: "type", wire: length},
	3: {name: "doc_string", wire: length},                 // dropped
	4: {name: "metadata_props", wire: length, many: many}, // dropped
}}

var typeProto = message{"TypeProto", [maxField + 1]field{
	1: {name: "tensor_type", wire: length},
	4: {name: "sequence_type", wire: length, refuse: "sequence types are not read: only tensors are"},
	5: {name: "map_type", wire: length, refuse: "map types are not read: only tensors are"},
	6: {name: "denotation", wire: length}, // dropped: a hint for people, such as IMAGE
	7: {name: "opaque_type", wire: length, refuse: "opaque types are not read: only tensors are"},
	8: {name: "sparse_tensor_type", wire: length, refuse: "sparse tensor types are not read: only dense ones are"},
	9: {name: "optional_type", wire: length, refuse: "optional types are not read: only tensors are"},
}}

var tensorTypeProto = message{"TypeProto.Tensor", [maxField + 1]field{
	1: {name: "elem_type", wire: varint},
	2: {name: "shape", wire: length},
}}

var shapeProto = message{"TensorShapeProto", [maxField + 1]field{
	1: {name: "dim", wire: length, many: many},
}}

var dimProto = message{"TensorShapeProto.Dimension", [maxField + 1]field{
	1: {name: "dim_value", wire: varint},
	2: {name: "dim_param", wire: length},
	3: {name: "denotation", wire: length}, // dropped: a hint for people, such as DATA_BATCH
}}
