"""The parts of a run: each module's `figures` measures one."""
