//! What the system says of a process.

/// The most memory that it has had at once, in megabytes, where Linux tells it (proc_pid_status(5)).
pub fn most_memory(process: u32) -> Option<u64> {
    field(process, "VmHWM:").map(|kilobytes| kilobytes / 1024)
}

fn field(process: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Has the most memory counted from now on.
pub fn forget_most_memory(process: u32) {
    let _ = std::fs::write(format!("/proc/{process}/clear_refs"), "5");
}

/// How many files and connections it has open; none where the system does not tell it.
pub fn descriptors(process: u32) -> usize {
    std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count)
}
