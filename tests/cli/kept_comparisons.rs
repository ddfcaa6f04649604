//! What `history` keeps of the versions that it compared: it saves reading, and no answer depends on it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::fixture::{Place, Project};

/// After all objects were written.
const AFTERWARDS: &str = "2100-01-01T00:00:00Z";
const MASTER: &str = "phone-numbers/directory.json";

fn cache(place: &Place) -> PathBuf {
    place.path(".git/phone-dir/cache/comparisons")
}

/// A project with three commits, the last two of which change a note.
fn with_a_past() -> Place {
    let mut place = Project::synced().place;
    for (from, to) in [("\"notes\": \"\"", "\"notes\": \"first\""), ("\"notes\": \"first\"", "\"notes\": \"second\"")] {
        let text = place.read(MASTER);
        place.write(MASTER, &text.replacen(from, to, 1));
        place.git(&["commit", "--quiet", "--all", "--message", to]);
    }
    place.set("PHONE_DIR_NOW", AFTERWARDS);
    place
}

#[test]
fn the_next_question_reads_no_version_again_that_was_compared() {
    let place = with_a_past();
    let first = place.succeed(&["history", "--json", "--limit", "1"]);
    let kept = fs::read(cache(&place)).unwrap();
    // Where reading them again would fail, the answer shows that they were not read.
    let id = place.git(&["rev-parse", &format!("HEAD~:{MASTER}")]);
    let object = place.path(&format!(".git/objects/{}/{}", &id[..2], id[2..].trim_end()));
    let written = fs::metadata(&object).unwrap().modified().unwrap();
    fs::remove_file(&object).unwrap();
    fs::write(&object, "damaged").unwrap();
    let again = |time| {
        fs::File::options().write(true).open(&object).unwrap().set_modified(time).unwrap();
        place.run(&["history", "--json", "--limit", "1"])
    };
    assert_eq!(again(written).stdout, first);
    assert_eq!(fs::read(cache(&place)).unwrap(), kept);
    // A file that was written after the comparison is read again, whatever is kept.
    let later = written + Duration::from_secs(200 * 366 * 86_400);
    assert_ne!(again(later).stdout, first);
}

#[test]
fn no_answer_depends_on_what_is_kept() {
    let place = with_a_past();
    let answer = |place: &Place| place.succeed(&["history", "--json"]);
    let first = answer(&place);
    for damage in [&b""[..], b"\n", b"{}\n", b"\xff\xfe", &[b'x'; 4096]] {
        fs::write(cache(&place), damage).unwrap();
        assert_eq!(answer(&place), first, "{damage:?}");
    }
    let mut bytes = fs::read(cache(&place)).unwrap();
    let last = bytes.len() - 9;
    bytes[last] ^= 1;
    fs::write(cache(&place), bytes).unwrap();
    assert_eq!(answer(&place), first);
    fs::remove_dir_all(place.path(".git/phone-dir/cache")).unwrap();
    fs::write(place.path(".git/phone-dir/cache"), "a file").unwrap();
    assert_eq!(answer(&place), first);
}

#[test]
fn a_repository_that_was_copied_brings_nothing_that_is_believed() {
    let place = with_a_past();
    let first = place.succeed(&["history", "--json"]);
    let before = fs::read(cache(&place)).unwrap();
    let copy = place.copy();
    assert_eq!(copy.succeed(&["history", "--json"]), first);
    let after = fs::read(cache(&copy)).unwrap();
    let heading = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'\n').map(|end| bytes[..end].to_vec());
    assert_ne!(heading(&before), heading(&after), "it was begun anew");
}
