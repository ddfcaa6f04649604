//! No core file: a command that holds what people said or who called must not leave it on a disk when it crashes.

/// Forbids core files for the rest of the process, and on Linux reading its memory by others of the same user too.
///
/// Both, since Linux hands a dump to the program that `core_pattern` names whatever the limit is.
#[cfg(unix)]
pub fn forbid() -> crate::error::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let failed = |error: rustix::io::Errno| {
        crate::error::Error::failed("core files cannot be forbidden, and one could hold what callers said")
            .hint("see that the system lets a process lower its own limits")
            .caused_by(error)
    };
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).map_err(failed)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).map_err(failed)?;
    Ok(())
}

/// Does nothing: elsewhere a crash leaves no core file unless the user set that up.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub fn forbid() -> crate::error::Result<()> {
    Ok(())
}
