package graph

import "math"

// Limits on what the reader accepts. They are far above what real models hold;
// a file beyond one is refused with an error that names the limit.
const (
	// MinIRVersion and MaxIRVersion are the versions of the file format that are
	// read, of November 2017 and later. Before 4, initializers had to be among the inputs too.
	MinIRVersion = 3
	MaxIRVersion = 14
	// MaxFileSize is the largest model or tensor file, in bytes.
	MaxFileSize int64 = 1 << 30
	// MaxExternalSize bounds the external data of one model, in bytes over all
	// of its files. Where an int has 32 bits it is 1 GiB.
	MaxExternalSize int64 = min(4<<30, math.MaxInt/2+1)
	// ExternalFrom is the size, in bytes, from which an initializer goes to the data
	// file of a model that is written with external data.
	ExternalFrom = 1 << 10
	// MaxNodes bounds the nodes of a model, nested graphs included, and the calls of
	// functions with all nodes that they stand for.
	MaxNodes = 100_000
	// MaxInitializers bounds the initializers of a model, nested graphs included.
	MaxInitializers = 100_000
	// MaxAttributes bounds the attributes of one node.
	MaxAttributes = 256
	// MaxNesting is how deep graphs may stand inside each other, the model's
	// own graph being the first.
	MaxNesting = 16
	// MaxCalls is how deep calls of functions may stand inside each other.
	MaxCalls = 32
	// MaxRank is the largest number of dimensions of a tensor or shape.
	MaxRank = 8
	// MaxNameLen is the longest name, in bytes: of anything that has a name, and
	// of operator types, domains, symbolic dimensions and metadata keys.
	MaxNameLen = 4 << 10
	// MaxElements is the largest product of a tensor's dims. Sizes in bits stay
	// below 2⁶³.
	MaxElements int64 = 1 << 55
)

// The reader may take heapPerByte bytes of memory for each byte of the file
// plus heapBase. With the file itself (1×) and the Go runtime this stays below
// three times the file plus 64 MiB.
const (
	heapPerByte = 2
	heapBase    = 40 << 20
)

// Estimated costs in memory, counted against the budget before it is taken.
const (
	costPointer = 8
	costDim     = 24
	costString  = 16 // a string's header; its bytes come on top
	costDefined = 96 // the entry of a name in Check's table
	costOrdered = 80 // of a node that is sorted
)
