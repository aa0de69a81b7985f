//go:build ort && (darwin || freebsd || linux || netbsd || windows)

package ort

import (
	"errors"
	"fmt"

	"github.com/ebitengine/purego"
)

// ONNX Runtime's C interface is a table of functions, OrtApi in onnxruntime_c_api.h, which
// later versions only append to. All that is used here is in its first version, at these
// places.
const (
	apiVersion = 1

	atGetErrorMessage       = 2
	atCreateEnv             = 3
	atCreateSession         = 8 // CreateSessionFromArray
	atRun                   = 9
	atCreateSessionOptions  = 10
	atCreateTensor          = 49 // CreateTensorWithDataAsOrtValue
	atGetTensorData         = 51 // GetTensorMutableData
	atGetTensorElementType  = 60
	atGetDimensionsCount    = 61
	atGetDimensions         = 62
	atGetTensorTypeAndShape = 65
	atCreateCPUMemoryInfo   = 69
	atReleaseEnv            = 92
	atReleaseStatus         = 93
	atReleaseMemoryInfo     = 94
	atReleaseSession        = 95
	atReleaseValue          = 96
	atReleaseTypeAndShape   = 99
	atReleaseSessionOptions = 100
	tableSize               = 102
)

// Values of the interface's enumerations.
const (
	logFatal       = 4 // ORT_LOGGING_LEVEL_FATAL; errors come as statuses
	arenaAllocator = 1 // OrtArenaAllocator
	defaultMemory  = 0 // OrtMemTypeDefault
	elementFloat   = 1 // ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT
)

// object is one of ONNX Runtime's: an environment, a session, a value. 0 is none.
type object uintptr

// status is what most functions return: 0, or an object that holds an error.
type status uintptr

// api is ONNX Runtime's functions. C's int is int32 here and size_t uintptr.
type api struct {
	version string

	getErrorMessage func(status) string
	releaseStatus   func(status)

	createEnv             func(level int32, name string, env *object) status
	createCPUMemoryInfo   func(allocator, memory int32, info *object) status
	createSessionOptions  func(options *object) status
	createSession         func(env object, model *byte, size uintptr, options object, session *object) status
	createTensor          func(info object, data *float32, bytes uintptr, dims *int64, rank uintptr, element int32, value *object) status
	run                   func(session, options object, inNames **byte, in *object, ins uintptr, outNames **byte, outs uintptr, out *object) status
	getTensorTypeAndShape func(value object, info *object) status
	getTensorElementType  func(info object, element *int32) status
	getDimensionsCount    func(info object, rank *uintptr) status
	getDimensions         func(info object, dims *int64, rank uintptr) status
	getTensorData         func(value object, data **float32) status

	releaseEnv            func(object)
	releaseMemoryInfo     func(object)
	releaseSession        func(object)
	releaseSessionOptions func(object)
	releaseValue          func(object)
	releaseTypeAndShape   func(object)
}

// load finds the functions of a shared library.
func load(library string) (*api, error) {
	if library == "" {
		return nil, errors.New("the path of ONNX Runtime's shared library is not given")
	}
	getAPIBase, err := symbol(library, "OrtGetApiBase")
	if err != nil {
		return nil, fmt.Errorf("ONNX Runtime: %w", err)
	}
	var base func() *struct{ getAPI, getVersion uintptr }
	purego.RegisterFunc(&base, getAPIBase)
	var getAPI func(version uint32) *[tableSize]uintptr
	purego.RegisterFunc(&getAPI, base().getAPI)
	var getVersion func() string
	purego.RegisterFunc(&getVersion, base().getVersion)

	a := &api{version: getVersion()}
	table := getAPI(apiVersion)
	if table == nil {
		return nil, fmt.Errorf("ONNX Runtime %s has no version %d of its interface", a.version, apiVersion)
	}
	for place, f := range map[int]any{
		atGetErrorMessage:       &a.getErrorMessage,
		atReleaseStatus:         &a.releaseStatus,
		atCreateEnv:             &a.createEnv,
		atCreateCPUMemoryInfo:   &a.createCPUMemoryInfo,
		atCreateSessionOptions:  &a.createSessionOptions,
		atCreateSession:         &a.createSession,
		atCreateTensor:          &a.createTensor,
		atRun:                   &a.run,
		atGetTensorTypeAndShape: &a.getTensorTypeAndShape,
		atGetTensorElementType:  &a.getTensorElementType,
		atGetDimensionsCount:    &a.getDimensionsCount,
		atGetDimensions:         &a.getDimensions,
		atGetTensorData:         &a.getTensorData,
		atReleaseEnv:            &a.releaseEnv,
		atReleaseMemoryInfo:     &a.releaseMemoryInfo,
		atReleaseSession:        &a.releaseSession,
		atReleaseSessionOptions: &a.releaseSessionOptions,
		atReleaseValue:          &a.releaseValue,
		atReleaseTypeAndShape:   &a.releaseTypeAndShape,
	} {
		purego.RegisterFunc(f, table[place])
	}
	return a, nil
}

// check gives the error of a status.
func (a *api) check(s status) error {
	if s == 0 {
		return nil
	}
	defer a.releaseStatus(s)
	return fmt.Errorf("ONNX Runtime %s: %s", a.version, a.getErrorMessage(s))
}
