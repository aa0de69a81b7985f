"""An emulated processor with AVX-512 that runs functions of a Go binary's assembly.

The emulator is Bochs's, from the package bochscpu-python. It has no operating system:
the binary's segments and 8 MB of data lie at their addresses in an empty machine, and a
call starts at the function with its one argument on the stack, as Go's ABI0 has it.
"""

import ctypes
import mmap
import re
import struct

import bochscpu
import bochscpu.cpu
import bochscpu.memory
import numpy as np
from elftools.elf.elffile import ELFFile

PAGE = 4096
LOW = 0x400000  # where Go puts a binary
PHYSICAL = 0x10000000
PAGE_TABLES = 0x8000000
HALT = 0xF4
DATA_SIZE = 8 << 20


class Machine:
    def __init__(self, binary):
        elf = ELFFile(open(binary, "rb"))
        self.functions = {}
        for s in elf.get_section_by_name(".symtab").iter_symbols():
            if match := re.search(r"/kernel\.(\w+)\.abi0$", s.name):
                self.functions[match[1]] = s["st_value"]
        segments = [s for s in elf.iter_segments() if s["p_type"] == "PT_LOAD"]
        end = max(s["p_vaddr"] + s["p_memsz"] for s in segments)
        self.data = (end + 0xFFFFF) & ~0xFFFFF
        size = self.data + DATA_SIZE - LOW
        self._host = mmap.mmap(-1, size)
        for s in segments:
            at = s["p_vaddr"] - LOW
            self._host[at : at + len(s.data())] = s.data()
        self._map(size)

        self.halt = self.data + DATA_SIZE - PAGE
        self.stack = self.halt - PAGE
        self._host[self.halt - LOW] = HALT
        self.floats = np.frombuffer(
            self._host, np.float32, (DATA_SIZE - 4 * PAGE) // 4, self.data - LOW
        )

        self._session = bochscpu.Session()
        self._session.missing_page_handler = lambda address: None  # a fault follows
        self._hook = bochscpu.Hook()
        self._hook.hlt = lambda session, cpu: session.stop()
        self._hook.exception = self._exception
        self._error = None

    def _map(self, size):
        host = ctypes.addressof(ctypes.c_char.from_buffer(self._host))
        self._tables = bochscpu.memory.PageMapLevel4Table()
        for off in range(0, size, PAGE):
            self._tables.insert(LOW + off, PHYSICAL + off, 7)
            bochscpu.memory.page_insert(PHYSICAL + off, host + off)
        for table, address in self._tables.commit(PAGE_TABLES):
            bochscpu.memory.page_insert(address, table)

    def _exception(self, session, cpu, vector, code):
        self._error = f"exception {vector} (code {code}) at {session.cpu.rip:#x}"
        session.stop()

    def _state(self):
        def segment(selector, attr):
            s = bochscpu.Segment()
            s.present, s.selector, s.base, s.limit, s.attr = True, selector, 0, 0xFFFFFFFF, attr
            return s

        s = bochscpu.State()
        bochscpu.cpu.set_long_mode(s)
        s.cr3 = PAGE_TABLES
        s.cr0 = 1 << 31 | 0x33
        s.cr4 = 1 << 5 | 1 << 9 | 1 << 10 | 1 << 18  # PAE, OSFXSR, OSXMMEXCPT, OSXSAVE
        s.efer = 1 << 8 | 1 << 10
        s.xcr0 = 0xE7  # x87, SSE, AVX, AVX-512
        s.mxcsr, s.mxcsr_mask = 0x1F80, 0xFFFF
        s.cs = segment(0x10, 0x209B)
        s.ss = s.ds = s.es = s.fs = s.gs = segment(0x18, 0xC93)
        s.rflags = 2
        return s

    def call(self, function, args):
        """Runs a function whose argument points to a struct of 8-byte integers."""
        at = self.halt + 64
        text = struct.pack(f"<{len(args)}Q", *(a & (1 << 64) - 1 for a in args))
        self._host[at - LOW : at - LOW + len(text)] = text
        struct.pack_into("<QQ", self._host, self.stack - 16 - LOW, self.halt, at)
        s = self._state()
        s.rip = self.functions[function]
        s.rsp = self.stack - 16
        self._error = None
        self._session.cpu.set_state(s)
        self._session.run([self._hook])
        if self._error:
            raise RuntimeError(f"{function}: {self._error}")


def struct_fields(go_source, name):
    """The field names of a Go struct, in order."""
    body = re.search(rf"type {name} struct {{\n(.*?)\n}}", go_source, re.S)[1]
    fields = []
    for line in body.splitlines():
        words = line.split("//")[0].replace(",", " ").split()
        fields += words[:-1]
    return fields
