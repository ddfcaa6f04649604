//! The store of calls: one suite for every database that it knows, and what a server brings with it.
//!
//! SQLite is always tried. PostgreSQL is tried with the feature `postgres`, on a server that the tests start; where its
//! programs are not installed they say so, unless `PHONE_DIR_POSTGRES` is `required` or names their folder.

mod conforming;
mod counting;
mod model;
#[cfg(feature = "postgres")]
mod served;
#[cfg(feature = "postgres")]
mod server;

use phone_dir::store::calls::StorePlace;

/// A database to try.
pub struct Trial {
    pub place: StorePlace,
    /// As `PHONE_DIR_STORE` names it.
    pub address: String,
    _folder: tempfile::TempDir,
}

impl Trial {
    fn file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = folder.path().join("calls.sqlite3").to_str().unwrap().to_owned();
        Self { place: StorePlace::named(&address).unwrap(), address, _folder: folder }
    }

    #[cfg(feature = "postgres")]
    fn server() -> Option<Self> {
        let address = server::new_database()?;
        let place = StorePlace::named(&address).unwrap();
        Some(Self { place, address, _folder: tempfile::tempdir().unwrap() })
    }

    /// Asks the database with its own program.
    pub fn sql(&self, query: &str) -> String {
        let mut command = if self.place.is_server() {
            let mut command = std::process::Command::new("psql");
            command.env("PGOPTIONS", "-c search_path=phone_dir").args(["-AtqX", "--command", query, &self.address]);
            command
        } else {
            let mut command = std::process::Command::new("sqlite3");
            command.args([&self.address, query]);
            command
        };
        let output = command.output().unwrap();
        assert!(output.status.success(), "{query}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

/// A fresh database of every kind.
pub fn trials() -> Vec<Trial> {
    #[cfg(not(feature = "postgres"))]
    return vec![Trial::file()];
    #[cfg(feature = "postgres")]
    return std::iter::once(Trial::file()).chain(Trial::server()).collect();
}

#[cfg(not(feature = "postgres"))]
#[test]
fn a_program_without_postgres_says_what_to_install_and_not_the_password() {
    for address in ["postgres://calls:hunter2@127.0.0.1:1/calls", "postgresql://calls:hunter2@127.0.0.1:1/calls"] {
        let error = StorePlace::named(address).unwrap_err();
        let told = format!("{error} {:?}", error.hint_text());
        assert!(told.contains("built without PostgreSQL") && told.contains("--features postgres"), "{told}");
        assert!(!told.contains("hunter2") && error.kind().exit_code() == 2, "{told}");
    }
}
