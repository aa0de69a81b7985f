package main

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// Some tests need a command in a process of its own, to signal or to kill: the test binary
// runs itself.
const childArgs = "GONN_TEST_CHILD_ARGS"

func init() {
	args, ok := os.LookupEnv(childArgs)
	if !ok {
		return
	}
	runtime.LockOSThread() // the command's system calls are those of one thread, which strace can count
	os.Exit(execute(context.Background(), append([]string{"gonn"}, strings.Fields(args)...), os.Stdout, os.Stderr))
}

// child is a command line in a process of its own, which may run below another program.
func child(args string, below ...string) *exec.Cmd {
	line := append(below, os.Args[0])
	c := exec.Command(line[0], line[1:]...)
	c.Env = append(os.Environ(), childArgs+"="+args)
	return c
}
