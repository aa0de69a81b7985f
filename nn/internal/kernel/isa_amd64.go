//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// detectISAs lists the instruction sets that this processor has, the fastest first.
func detectISAs() (list []*isa) {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		list = append(list, &avx512)
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		list = append(list, &avx2)
	}
	return list
}
