//! Contents are what git says they are, in every way in which git stores them; what is damaged is an error.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use phone_dir::snapshot::Content;
use phone_dir::store::git::StoredKind;
use phone_dir::store::revision::Revision;

use crate::store::fixture::{DIRECTORY, Fixture, STAGING};

/// Two files in forty versions, which git stores as deltas of each other.
fn versions() -> Fixture {
    let fixture = Fixture::committed();
    let mut lines: Vec<String> = (0..800).map(|line| format!("line {line} of a file\n")).collect();
    for version in 0..40 {
        lines[version * 17] = format!("version {version}\n");
        lines.insert(version * 3, format!("new in {version}\n"));
        fixture.write(DIRECTORY, lines.concat());
        fixture.write(STAGING, lines[version..].concat());
        fixture.commit_all(&format!("version {version}"));
    }
    fixture
}

/// Reads every version of every file, and compares it with what git prints.
fn agrees(fixture: &Fixture) {
    let repository = fixture.repository();
    let mut read = 0;
    for commit in fixture.git(&["rev-list", "HEAD"]).lines() {
        let id = repository.commits().resolve(&Revision::parse(commit).unwrap()).unwrap();
        for file in repository.objects().stored_files(&id).unwrap() {
            let StoredKind::File(content) = file.kind else { continue };
            let Content::Bytes(bytes) = repository.objects().stored_content(content).unwrap() else {
                panic!("{}", file.path)
            };
            let expected = fixture.try_git(&["cat-file", "blob", &format!("{commit}:{}", file.path)]).stdout;
            assert!(bytes == expected, "{} in {commit}", file.path);
            read += 1;
        }
    }
    assert!(read > 80, "{read}");
}

fn packs(fixture: &Fixture) -> Vec<PathBuf> {
    let entries = fs::read_dir(fixture.top().join(".git/objects/pack")).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().unwrap() == "pack").collect()
}

/// How many objects of the packs are stored as deltas.
fn deltas(fixture: &Fixture) -> usize {
    let lengths = packs(fixture).into_iter().map(|pack| {
        let listing = fixture.git(&["verify-pack", "-v", pack.to_str().unwrap()]);
        listing.lines().filter(|line| line.split_whitespace().count() == 7 && line.contains(" blob ")).count()
    });
    lengths.sum()
}

#[test]
fn versions_stored_as_deltas_by_offset() {
    let fixture = versions();
    fixture.git(&["gc", "--quiet"]);
    assert!(deltas(&fixture) > 60, "{}", deltas(&fixture));
    agrees(&fixture);
}

#[test]
fn versions_stored_as_deltas_by_id() {
    let fixture = versions();
    fixture.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    assert!(deltas(&fixture) > 60, "{}", deltas(&fixture));
    agrees(&fixture);
}

#[test]
fn versions_in_several_packs_and_loose_ones() {
    let fixture = versions();
    fixture.git(&["repack", "-dq"]);
    for version in 0..3 {
        fixture.write(DIRECTORY, format!("later {version}\n"));
        fixture.commit_all("later");
        if version == 1 {
            fixture.git(&["repack", "-dq"]);
        }
    }
    assert_eq!(packs(&fixture).len(), 2);
    agrees(&fixture);
}

#[test]
fn versions_in_another_repository() {
    let fixture = versions();
    fixture.git(&["gc", "--quiet"]);
    let borrower = Fixture::plain();
    let origin = fixture.top().to_str().unwrap();
    borrower.git(&["clone", "--quiet", "--shared", origin, "."]);
    assert!(packs(&borrower).is_empty());
    agrees(&borrower);
}

#[test]
fn packs_made_after_the_first_was_read() {
    let fixture = versions();
    fixture.git(&["repack", "-dq"]);
    let repository = fixture.repository();
    let read = |revision: &str| repository.objects().read_commit(&Revision::parse(revision).unwrap()).unwrap();
    let before = read("HEAD");
    fixture.write(DIRECTORY, "later\n");
    fixture.commit_all("later");
    fixture.git(&["gc", "--quiet", "--prune=now"]);
    assert_eq!(read("HEAD").bytes(DIRECTORY), Some(&b"later\n"[..]));
    assert_eq!(read("HEAD~1"), before);
}

#[test]
fn a_broken_pack_is_an_error_and_never_other_bytes() {
    let fixture = versions();
    fixture.git(&["gc", "--quiet"]);
    let [pack] = packs(&fixture).try_into().unwrap();
    let whole = fs::read(&pack).unwrap();
    let mut permissions = fs::metadata(&pack).unwrap().permissions();
    #[allow(clippy::permissions_set_readonly_false)] // a file of this test alone
    permissions.set_readonly(false);
    fs::set_permissions(&pack, permissions).unwrap();
    let ids: Vec<String> = fixture.git(&["rev-list", "HEAD"]).lines().map(str::to_owned).collect();
    let sound: Vec<_> = ids.iter().map(|id| read_if_sound(&fixture, id)).collect();
    assert!(sound.iter().all(Option::is_some));
    let mut refused = 0;
    for at in (12..whole.len() - 20).step_by(whole.len() / 40) {
        let mut broken = whole.clone();
        broken[at] ^= 0x55;
        fs::write(&pack, &broken).unwrap();
        for (id, sound) in ids.iter().zip(&sound) {
            let read = read_if_sound(&fixture, id);
            assert!(read.is_none() || read == *sound, "a byte at {at} in {id}");
            refused += usize::from(read.is_none());
        }
    }
    assert!(refused > 40, "{refused}");
}

/// The directory's file in a commit, unless something on the way to it cannot be read.
fn read_if_sound(fixture: &Fixture, id: &str) -> Option<Vec<u8>> {
    let repository = fixture.repository();
    let snapshot = repository.objects().read_commit(&Revision::parse(id).unwrap()).ok()?;
    snapshot.bytes(DIRECTORY).map(<[u8]>::to_vec)
}

#[test]
fn a_loose_object_that_was_cut_off_is_an_error_and_no_endless_wait() {
    let fixture = versions();
    for name in ["HEAD", "HEAD^{tree}", "HEAD:phone-numbers", "HEAD:phone-numbers/directory.json"] {
        let id = fixture.git(&["rev-parse", name]);
        let object = fixture.top().join(".git/objects").join(&id[..2]).join(&id[2..]);
        let whole = fs::read(&object).unwrap();
        fs::remove_file(&object).unwrap();
        for end in (0..whole.len()).step_by(whole.len() / 16 + 1) {
            fs::write(&object, &whole[..end]).unwrap();
            let repository = fixture.repository();
            let error = repository.objects().read_commit(&Revision::parse("HEAD").unwrap()).unwrap_err();
            let said = format!("{:?} {}", error.kind(), error.message());
            assert_eq!(
                said,
                format!("CannotTell the git object `{id}` is cut off or damaged"),
                "{end} bytes of {name}"
            );
        }
        fs::write(&object, &whole).unwrap();
    }
    agrees(&fixture);
}

/// What zlib makes of `blob 2000000000`, a zero and `{}`.
const CLAIM: [u8; 19] =
    [0x78, 0x9c, 0x4b, 0xca, 0xc9, 0x4f, 0x52, 0x30, 0x32, 0x80, 0x01, 0x86, 0xea, 0x5a, 0x00, 0x2e, 0x0d, 0x04, 0x9a];

#[cfg(target_os = "linux")] // where a shell can limit the memory of what it starts
#[test]
fn a_loose_object_that_claims_to_be_huge_is_damaged_and_takes_no_memory() {
    let fixture = Fixture::committed();
    let id = fixture.git(&["rev-parse", "HEAD:phone-numbers/directory.json"]);
    let object = fixture.top().join(".git/objects").join(&id[..2]).join(&id[2..]);
    fs::remove_file(&object).unwrap();
    fs::write(&object, CLAIM).unwrap();
    for question in ["history", "list --at HEAD"] {
        let mut limited = Command::new("sh");
        // Enough in KiB for everything that the program maps, and too little for what the object claims.
        limited.args(["-c", &format!("ulimit -v 1500000; exec \"$0\" {question}")]).arg(cargo_bin("phone-dir"));
        let output = limited.current_dir(fixture.top()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{question}: {said}");
        assert!(said.contains(&format!("the git object `{id}` is cut off or damaged")), "{question}: {said}");
    }
}
