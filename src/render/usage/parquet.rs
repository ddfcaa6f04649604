//! Calls as Parquet, which DuckDB, Spark and warehouses read: a file a day, our columns and nothing else.
//!
//! Moments are timestamps in milliseconds, in UTC; what a call costs is a decimal of six digits. The only place for the
//! crate `parquet`, and there only with the feature of that name.

use std::io::Write;
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

/// The most calls of a row group: so many are held until they are written.
const GROUP: usize = 50_000;

/// A file of calls that is written a row group at a time.
pub struct CallFile<'a, W: Write + Send> {
    writer: SerializedFileWriter<W>,
    directory: &'a Directory,
    waiting: Vec<StoredCall>,
}

impl<'a, W: Write + Send> CallFile<'a, W> {
    pub fn begin(out: W, directory: &'a Directory) -> Result<Self> {
        let begin = || {
            let schema = Arc::new(parse_message_type(SCHEMA)?);
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            SerializedFileWriter::new(out, schema, Arc::new(properties))
        };
        Ok(Self { writer: begin().map_err(failed)?, directory, waiting: Vec::new() })
    }

    pub fn take(&mut self, call: StoredCall) -> Result<()> {
        self.waiting.push(call);
        if self.waiting.len() < GROUP { Ok(()) } else { self.write_group() }
    }

    /// Ends the file, and gives back what it was written to.
    pub fn end(mut self) -> Result<W> {
        self.write_group()?;
        self.writer.into_inner().map_err(failed)
    }

    fn write_group(&mut self) -> Result<()> {
        let calls = std::mem::take(&mut self.waiting);
        if calls.is_empty() {
            return Ok(());
        }
        let mut write = || {
            let mut group = self.writer.next_row_group()?;
            columns(&mut group, &calls, self.directory)?;
            group.close()
        };
        write().map(drop).map_err(failed)
    }
}

fn failed(error: ParquetError) -> Error {
    Error::failed("the calls cannot be written as Parquet").caused_by(error)
}

fn columns<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    calls: &[StoredCall],
    directory: &Directory,
) -> std::result::Result<(), ParquetError> {
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

fn required<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    texts: impl Iterator<Item = &'a str>,
) -> std::result::Result<(), ParquetError> {
    let values: Vec<ByteArray> = texts.map(ByteArray::from).collect();
    write::<ByteArrayType, W>(group, &values, None)
}

fn texts<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    texts: impl Iterator<Item = Option<&'a str>>,
) -> std::result::Result<(), ParquetError> {
    optional::<ByteArrayType>(group, texts.map(|text| text.map(ByteArray::from)).collect())
}

/// A column in which values may be missing: the levels say which ones are there.
fn optional<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    cells: Vec<Option<T::T>>,
) -> std::result::Result<(), ParquetError> {
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    write::<T, _>(group, &values, Some(&levels))
}

fn write<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> std::result::Result<(), ParquetError> {
    let missing = || ParquetError::General("the schema has fewer columns than a call".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}
