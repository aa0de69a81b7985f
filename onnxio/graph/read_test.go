package graph

import "testing"

// body is a file whose graph "g" has these fields.
func body(fields ...[]byte) []byte { return msg(head(), sub(7, str(2, "g"), msg(fields...))) }

// withNode is a file with a node "conv1" (Conv) of these fields.
func withNode(fields ...[]byte) []byte {
	return body(sub(1, str(3, "conv1"), str(4, "Conv"), msg(fields...)))
}

// withAttr is a file with an attribute "pads" of these fields.
func withAttr(fields ...[]byte) []byte { return withNode(sub(5, str(1, "pads"), msg(fields...))) }

// withTensor is a file with an initializer "w" of these fields.
func withTensor(fields ...[]byte) []byte { return body(sub(5, str(8, "w"), msg(fields...))) }

// withType is a file with an input "x" of this TypeProto.
func withType(fields ...[]byte) []byte { return body(sub(11, str(1, "x"), sub(2, fields...))) }

const (
	inAttr   = `graph "g": node 0 "conv1" (Conv): attribute "pads": `
	inTensor = `graph "g": initializer 0 "w": `
	inType   = `graph "g": input 0 "x": `
)

func TestReadRefusesByNameAndPlace(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"no bytes", nil, "ir_version is missing"},
		{"text", []byte("not a model\n"), "ModelProto: "},
		{"zip, as Keras writes", []byte("PK\x03\x04\x14\x00"), "ModelProto: "},
		{"truncated", tiny(nil).Bytes()[:20], "is cut off"},
		{"graph twice", msg(head(), sub(7), sub(7)), "ModelProto: field graph is there twice"},
		{"wrong wire type", str(1, "8"), "ModelProto: field ir_version has wire type 2, it must be 0"},
		{"a group", []byte{0x0b, 0x0c}, "ir_version has wire type 3"},
		{"training_info", msg(head(), sub(20)), "training_info: training graphs are not read"},
		{"unknown field", msg(head(), num(9, 1)), "ModelProto: field number 9 is not known"},
		{"huge field number", msg(head(), num(1<<28, 1)), "field number 268435456 is not known"},
		{"name not UTF-8", msg(head(), str(2, "\xff")), "producer_name is not UTF-8"},
		{"unknown field of opset", sub(8, num(3, 1)), `opset_import 0 "": OperatorSetIdProto: field number 3`},
		{"unknown field of metadata", sub(14, str(1, "k"), num(3, 1)), `metadata_props 0 "k": StringStringEntryProto: field number 3`},

		{"sparse_initializer", body(sub(15)), `graph "g": sparse_initializer: sparse tensors are not read`},
		{"quantization_annotation", body(sub(14)), `graph "g": quantization_annotation: `},
		{"unknown field of graph", body(num(3, 1)), `graph "g": GraphProto: field number 3 is not known`},

		{"unknown field of node", withNode(num(25, 1)), `graph "g": node 0 "conv1" (Conv): NodeProto: field number 25`},
		{"overload", withNode(str(8, "v2")), `overload "v2": the model has no such function`},
		{"attribute twice", withNode(sub(5, str(1, "a"), num(20, 2)), sub(5, str(1, "a"), num(20, 2))), `attribute 1 "a" is there twice`},
		{"attribute without name", withNode(sub(5, num(20, 2))), `attribute "": it has no name`},

		{"attribute without type", withAttr(num(3, 1)), inAttr + "its type, UNDEFINED, is missing or not read"},
		{"attribute of unknown type", withAttr(num(20, 99)), inAttr + "its type, AttrKind(99), is missing or not read"},
		{"attribute of negative type", withAttr(num(20, -1)), inAttr + "its type, "},
		{"value contradicts type", withAttr(num(20, 2), str(4, "x")), inAttr + "its type is INT, but it has a value in field s"},
		{"tensor value missing", withAttr(num(20, 4)), inAttr + "its type is TENSOR, but it has no value in field t"},
		{"graph value missing", withAttr(num(20, 5)), inAttr + "its type is GRAPH, but it has no value in field g"},
		{"sparse tensor", withAttr(num(20, 11), sub(22)), inAttr + "sparse_tensor: sparse tensors are not read"},
		{"tensors", withAttr(num(20, 9), sub(10)), inAttr + "tensors: lists of tensors are not read"},
		{"empty list of graphs", withAttr(num(20, 10)), inAttr + "its type, GRAPHS, is missing or not read"},
		{"ref_attr_name", withAttr(num(20, 2), str(21, "p")), inAttr + `ref_attr_name "p": only inside a function can it refer to an attribute of the function`},
		{"broken ints", withAttr(num(20, 7), str(8, "\x80")), inAttr + "ints holds a broken integer"},
		{"broken floats", withAttr(num(20, 6), str(7, "abc")), inAttr + "floats holds 3 bytes"},
		{"bad tensor in attribute", withAttr(num(20, 4), sub(5, num(2, 1))), inAttr + "dims [] need 1 elements, but there is no data"},
		{"bad graph in attribute", withAttr(num(20, 5), sub(6, str(2, "then"), num(3, 1))), inAttr + `graph "then": GraphProto: field number 3`},
		{"bad type in attribute", withAttr(num(20, 13), sub(14, sub(4))), inAttr + "sequence_type: sequence types are not read"},

		{"sequence type", withType(sub(4)), inType + "sequence_type: sequence types are not read"},
		{"map type", withType(sub(5)), inType + "map_type: map types are not read"},
		{"optional type", withType(sub(9)), inType + "optional_type: optional types are not read"},
		{"sparse type", withType(sub(8)), inType + "sparse_tensor_type: "},
		{"opaque type", withType(sub(7)), inType + "opaque_type: "},
		{"unknown element type", withType(sub(1, num(1, 29))), inType + "elem_type 29 is not known"},
		{"negative dim", withType(sub(1, num(1, 1), sub(2, sub(1, num(1, -2))))), inType + "dimension 0 has size -2"},
		{"dim of both kinds", withType(sub(1, num(1, 1), sub(2, sub(1, num(1, 2), str(2, "N"))))), inType + "dimension 0 has both"},
		{"input without type", body(sub(11, str(1, "x"))), inType + "it has no type"},

		{"tensor without type", withTensor(str(9, "abcd")), inTensor + "data_type is missing"},
		{"tensor of unknown type", withTensor(num(2, 29)), inTensor + "data_type 29 is not known"},
		{"segment", withTensor(sub(3)), inTensor + "segment: tensors in segments are not read"},
		{"negative dims", withTensor(num(1, -1), num(2, 1)), inTensor + "dims [-1] hold a negative size"},
		{"huge dims", withTensor(num(1, 1<<40), num(1, 1<<40), num(2, 1), str(9, "abcd")), inTensor + "dims [1099511627776 1099511627776] mean more than"},
		{"dims without data", withTensor(num(1, 1<<40), num(2, 1)), inTensor + "dims [1099511627776] need 1099511627776 elements, but there is no data"},
		{"raw_data too short", withTensor(num(1, 2), num(2, 1), str(9, "abcd")), inTensor + "dims [2] of FLOAT need 8 bytes, but raw_data holds 4"},
		{"raw_data too long", withTensor(num(2, 1), str(9, "abcdefgh")), inTensor + "dims [] of FLOAT need 4 bytes, but raw_data holds 8"},
		{"float_data too short", withTensor(num(1, 2), num(2, 1), str(4, "abcd")), inTensor + "dims [2] of FLOAT need 8 bytes, but float_data holds 4"},
		{"int32_data too long", withTensor(num(1, 2), num(2, 6), str(5, "\x01\x02\x03")), inTensor + "dims [2] of INT32 need 2 entries, but int32_data holds 3"},
		{"int64_data broken", withTensor(num(1, 1), num(2, 7), str(7, "\xff")), inTensor + "int64_data holds a broken integer"},
		{"strings too few", withTensor(num(1, 2), num(2, 8), str(6, "one")), inTensor + "dims [2] need 2 strings, but string_data holds 1"},
		{"strings in raw_data", withTensor(num(1, 1), num(2, 8), str(9, "one")), inTensor + "STRING elements cannot be in raw_data"},
		{"field of another type", withTensor(num(1, 1), num(2, 1), str(7, "\x01")), inTensor + "FLOAT elements cannot be in int64_data"},
		{"two payloads", withTensor(num(1, 1), num(2, 1), str(4, "abcd"), str(9, "abcd")), inTensor + "it has data in both float_data and raw_data"},
		{"unknown data_location", withTensor(num(1, 1), num(2, 1), str(9, "abcd"), num(14, 2)), inTensor + "data_location 2 is not known"},
		{"external_data not used", withTensor(num(1, 1), num(2, 1), str(9, "abcd"), sub(13)), inTensor + "it has external_data, but its data_location is not EXTERNAL"},
		{"external and raw", withTensor(num(1, 1), num(2, 1), str(9, "abcd"), num(14, 1)), inTensor + "its data_location is EXTERNAL, but it has data in raw_data"},
		{"external without a folder", withTensor(num(1, 1), num(2, 1), num(14, 1), sub(13, str(1, "location"), str(2, "w.bin"))),
			inTensor + `its data is in the external file "w.bin": read the model from its folder, with ReadFile`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Read(test.file)
			mustFail(t, m, err, test.want)
		})
	}
}

func TestReadTensorRefusesWithTheTensorsName(t *testing.T) {
	got, err := ReadTensor(msg(str(8, "input_0"), num(2, 1)))
	mustFail(t, got, err, `tensor "input_0": dims [] need 1 elements, but there is no data`)
}
