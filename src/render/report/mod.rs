//! A report of a directory in every format. What it counts is decided in [`crate::reporting::report`].

pub mod activity;
pub mod html;
pub mod json;
pub mod markdown;
pub mod text;

pub(in crate::render) use html::mark;

/// A word of the files as a title: `toll-free` becomes `Toll-Free`, `sip-trunk` becomes `SIP Trunk`.
pub(super) fn title(word: &str) -> String {
    match word {
        "sip-trunk" => "SIP Trunk".to_owned(),
        "direct-purchase" => "Direct Purchase".to_owned(),
        "voip" => "VoIP".to_owned(),
        _ => word.split('-').map(crate::model::order::capitalized).collect::<Vec<_>>().join("-"),
    }
}
