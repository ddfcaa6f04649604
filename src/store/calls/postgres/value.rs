//! Values and rows as PostgreSQL sends them.

use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::failure::failed;
use crate::store::calls::database::{DatabaseError, DatabaseResult, SqlRow, SqlValue};

/// The type by which the server knows a value, also one that is not there.
pub(super) fn kind(value: &SqlValue) -> Type {
    match value {
        SqlValue::Integer(_) => Type::INT8,
        SqlValue::Text(_) => Type::TEXT,
    }
}

impl ToSql for SqlValue {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Integer(value) => value.to_sql(kind, out),
            Self::Text(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT].contains(kind)
    }

    to_sql_checked!();
}

pub(super) fn row(row: &Row) -> DatabaseResult<SqlRow> {
    let value = |at: usize| {
        let kind = row.columns()[at].type_();
        if *kind == Type::INT8 {
            return row.try_get(at).map(SqlValue::Integer).map_err(failed);
        }
        if *kind == Type::INT4 {
            return row.try_get(at).map(|value: Option<i32>| SqlValue::Integer(value.map(i64::from))).map_err(failed);
        }
        if *kind == Type::TEXT {
            return row.try_get(at).map(SqlValue::Text).map_err(failed);
        }
        Err(DatabaseError::other(format!("column {at} has another kind of value than this program writes")))
    };
    (0..row.len()).map(value).collect::<DatabaseResult<_>>().map(SqlRow)
}
