package run

import (
	"encoding/json"
	"fmt"
)

// checkSchema is an error if a file, whatever else is in it, says that it has a form that
// this program does not know.
func checkSchema(b []byte) error {
	var head struct {
		Schema *json.Number `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil || head.Schema == nil {
		return nil // from before there were versions, or broken: strictjson says how
	}
	v, err := head.Schema.Int64()
	switch {
	case err != nil || v < 1:
		return fmt.Errorf("schema is %s, need a whole number from 1", *head.Schema)
	case v > schema:
		return fmt.Errorf("the file has schema %d, this gonn reads up to %d; use the gonn that wrote it or a newer one", v, schema)
	}
	return nil
}
