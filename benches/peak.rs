//! The most memory that a process had.

/// The high-water mark of a process's resident memory in bytes, pages of mapped files included (proc(5), `VmHWM`); none
/// where the process is gone, or the system is not Linux.
pub fn of_process(id: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?;
    Some(kib.parse::<u64>().ok()? * 1024)
}
