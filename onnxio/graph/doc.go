// Package graph holds ONNX models as plain Go values: a Model has a Graph, a
// Graph has Nodes, Values and Tensors. It reads them from ONNX's protobuf wire
// format and writes them back. It knows no operator but Identity: what Conv means
// is the business of its users.
//
// Reading trusts nothing. A model file may come from anywhere, so the reader
// walks the wire format itself (generated protobuf structs can turn a few
// megabytes of empty messages into a gigabyte of heap) and keeps these rules:
//
//   - Every count and length is checked against a limit (limits.go) before
//     memory is taken for it, and all memory taken is counted against a budget
//     that follows from the size of the file. Tensor data is not copied: it
//     stays a part of the bytes that were read.
//   - Nothing is ignored in silence. A table (messages.go) lists every field of
//     every message of ONNX IR 14 and says whether it is read, dropped or
//     refused. Only what cannot change a result is dropped: doc_string and
//     metadata_props of values and tensors, denotations, and device
//     configurations, which say where to compute and not what. Training_info,
//     sparse tensors, quantization_annotation (a tensor under one may stand for
//     other numbers than it holds), sequence, optional and map types, and field
//     numbers the table lacks are refused by name.
//   - Functions are inlined, and Model has none. How large the result is, and that
//     no function calls itself, is known before the first node is copied; each copy
//     is charged to the budget as if it shared nothing. In a domain of ONNX's own
//     all nodes are operators, also beside a function of their name.
//   - External data is read only from a regular file with one link, inside the
//     model's folder, reached without symbolic links (external.go).
//   - A graph must be usable as it stands (Check): every name is defined once
//     and before its use.
//   - An error names the way to the place:
//     graph "g": node 3 "conv1" (Conv): attribute "pads": …
//
// Writing is deterministic: the same Model gives the same bytes, and what was
// written reads back to the same Model. Bytes gives one file, Files one or two: the
// data of large initializers lies in the second, which the first names by its
// checksum. Putting them on a disk is the caller's part, so that the package imports
// nothing of ours.
//
// The format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and
// https://github.com/onnx/onnx/blob/main/docs/IR.md
package graph
