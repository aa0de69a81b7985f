package main

import "syscall"

// confine sets the limits of a job for this process.
func (j job) confine() error {
	for resource, limit := range map[int]uint64{syscall.RLIMIT_FSIZE: j.FileSize, syscall.RLIMIT_AS: j.AddressSpace} {
		if limit == 0 {
			continue
		}
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	return nil
}
