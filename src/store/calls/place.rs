//! Where the store of calls is: a file, or a server that `PHONE_DIR_STORE` names.

use super::database::CallDatabase;
#[cfg(feature = "postgres")]
use super::postgres::{PostgresDatabase, ServerAccess, ServerAddress};
use super::sqlite::{SqliteDatabase, StoreFile};
use crate::error::{Error, Result};
use crate::store::project::Project;

/// The place of a project's store.
#[derive(Clone, Debug)]
pub enum StorePlace {
    File(StoreFile),
    #[cfg(feature = "postgres")]
    Server(Box<ServerAddress>),
}

impl StorePlace {
    /// The project's own place, unless `named`, which `PHONE_DIR_STORE` says, is another.
    pub fn of(project: &Project, named: Option<&str>) -> Result<Self> {
        named.map_or_else(|| Ok(Self::File(StoreFile::of(project)?)), Self::named)
    }

    /// The place that is named: the address of a server, or the absolute path of a file.
    pub fn named(named: &str) -> Result<Self> {
        if ["postgres://", "postgresql://"].iter().any(|scheme| named.starts_with(scheme)) {
            return Self::server(named);
        }
        if named.contains("://") {
            // Not repeated: an address may have a password in it.
            return Err(Error::failed("`PHONE_DIR_STORE` names a server of a kind that this phone-dir does not know")
                .hint("set it to `postgres://USER:PASSWORD@HOST/DATABASE` or to an absolute path, or unset it"));
        }
        Ok(Self::File(StoreFile::named(named)?))
    }

    #[cfg(feature = "postgres")]
    fn server(address: &str) -> Result<Self> {
        Ok(Self::Server(Box::new(ServerAddress::parse(address)?)))
    }

    #[cfg(not(feature = "postgres"))]
    fn server(_: &str) -> Result<Self> {
        Err(Error::failed("`PHONE_DIR_STORE` names a PostgreSQL server, and this phone-dir was built without PostgreSQL")
            .hint("take a released one, build it with `--features postgres`, or keep calls in a file: unset `PHONE_DIR_STORE`"))
    }

    /// Whether asking it goes over a connection that is worth keeping.
    pub fn is_server(&self) -> bool {
        !matches!(self, Self::File(_))
    }

    /// The database, to be written to; a file is made where there is none.
    pub(super) fn open(&self) -> Result<Box<dyn CallDatabase>> {
        match self {
            Self::File(file) => Ok(Box::new(SqliteDatabase::open(file)?)),
            #[cfg(feature = "postgres")]
            Self::Server(address) => Ok(Box::new(PostgresDatabase::open(address, ServerAccess::Write)?)),
        }
    }

    /// The database, to be asked; none where there is none.
    pub(super) fn open_to_ask(&self) -> Result<Option<Box<dyn CallDatabase>>> {
        match self {
            Self::File(file) => Ok(SqliteDatabase::open_to_ask(file)?.map(|database| Box::new(database) as Box<_>)),
            #[cfg(feature = "postgres")]
            Self::Server(address) => {
                let database = PostgresDatabase::open(address, ServerAccess::Ask)?;
                Ok(database.has_store()?.then(|| Box::new(database) as Box<_>))
            }
        }
    }
}
