//! Calls as Parquet, which DuckDB, Spark and warehouses read: a file a day, our columns and nothing else.
//!
//! Moments are timestamps in milliseconds, in UTC; what a call costs is a decimal of six digits. The only place for the
//! crate `parquet`, and there only with the feature of that name.

use std::collections::BTreeMap;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::export::CallCells;
use crate::activity::time::Millis;
use crate::error::{Error, Result};
use crate::model::Directory;
use crate::store::calls::StoredCall;

/// The columns, in the order of every export.
const SCHEMA: &str = "message call {
    REQUIRED BYTE_ARRAY workspace (UTF8);
    REQUIRED BYTE_ARRAY call_id (UTF8);
    OPTIONAL BYTE_ARRAY phone_number (UTF8);
    OPTIONAL BYTE_ARRAY direction (UTF8);
    OPTIONAL BYTE_ARRAY agent_path (UTF8);
    OPTIONAL BYTE_ARRAY agent_id (UTF8);
    OPTIONAL INT64 agent_version;
    OPTIONAL BYTE_ARRAY agent_tag (UTF8);
    OPTIONAL INT64 start (TIMESTAMP(MILLIS,true));
    OPTIONAL INT64 end (TIMESTAMP(MILLIS,true));
    OPTIONAL INT64 duration_ms;
    OPTIONAL BYTE_ARRAY status (UTF8);
    OPTIONAL BYTE_ARRAY reason (UTF8);
    REQUIRED BYTE_ARRAY outcome (UTF8);
    OPTIONAL INT64 cost (DECIMAL(18,6));
}";

/// The most calls of a row group: so many are held a second time while they are written.
const GROUP: usize = 100_000;

/// The files of an export by the day in which their calls lie: `2025-11-19.parquet`. Calls without a time are in none.
pub fn files_by_day(calls: Vec<StoredCall>, directory: &Directory) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut days: BTreeMap<String, Vec<StoredCall>> = BTreeMap::new();
    for call in calls {
        if let Some(at) = call.facts.at() {
            days.entry(at.day()).or_default().push(call);
        }
    }
    let file = |(day, calls): (String, Vec<StoredCall>)| {
        let bytes = file(&calls, directory).map_err(|error| {
            Error::failed(format!("the calls of {day} cannot be written as Parquet")).caused_by(error)
        })?;
        Ok((format!("{day}.parquet"), bytes))
    };
    days.into_iter().map(file).collect()
}

fn file(calls: &[StoredCall], directory: &Directory) -> Result<Vec<u8>, ParquetError> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties)?;
    for part in calls.chunks(GROUP) {
        let mut group = writer.next_row_group()?;
        columns(&mut group, part, directory)?;
        group.close()?;
    }
    writer.close()?;
    Ok(bytes)
}

fn columns<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    calls: &[StoredCall],
    directory: &Directory,
) -> Result<(), ParquetError> {
    let rows: Vec<CallCells> = calls.iter().map(|call| CallCells::of(call, directory)).collect();
    let moment = |moment: Option<Millis>| moment.map(|moment| moment.0);
    let numbers = |of: &dyn Fn(&StoredCall) -> Option<i64>| calls.iter().map(of).collect::<Vec<_>>();
    required(group, rows.iter().map(|row| row.workspace.as_str()))?;
    required(group, rows.iter().map(|row| row.call_id.as_str()))?;
    texts(group, rows.iter().map(|row| row.phone_number.as_deref()))?;
    texts(group, rows.iter().map(|row| row.direction))?;
    texts(group, rows.iter().map(|row| row.agent_path.as_deref()))?;
    texts(group, rows.iter().map(|row| row.agent_id.as_deref()))?;
    optional::<Int64Type>(group, numbers(&|call| call.facts.agent_version))?;
    texts(group, rows.iter().map(|row| row.agent_tag.as_deref()))?;
    optional::<Int64Type>(group, numbers(&|call| moment(call.facts.start)))?;
    optional::<Int64Type>(group, numbers(&|call| moment(call.facts.end)))?;
    optional::<Int64Type>(group, numbers(&|call| call.facts.duration_ms))?;
    texts(group, rows.iter().map(|row| row.status.as_deref()))?;
    texts(group, rows.iter().map(|row| row.reason.as_deref()))?;
    required(group, rows.iter().map(|row| row.outcome))?;
    optional::<Int64Type>(group, numbers(&|call| call.facts.cost.map(|cost| cost.0)))
}

fn required<'a, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    texts: impl Iterator<Item = &'a str>,
) -> Result<(), ParquetError> {
    let values: Vec<ByteArray> = texts.map(ByteArray::from).collect();
    write::<ByteArrayType, W>(group, &values, None)
}

fn texts<'a, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    texts: impl Iterator<Item = Option<&'a str>>,
) -> Result<(), ParquetError> {
    optional::<ByteArrayType>(group, texts.map(|text| text.map(ByteArray::from)).collect())
}

/// A column in which values may be missing: the levels say which ones are there.
fn optional<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl std::io::Write + Send>,
    cells: Vec<Option<T::T>>,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    write::<T, _>(group, &values, Some(&levels))
}

fn write<T: DataType, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let missing = || ParquetError::General("the schema has fewer columns than a call".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}
