//! Columns that line up, also with wide and combining characters.

use unicode_width::UnicodeWidthStr;

/// Pads every cell but the last of each row to its column's width; two blanks between columns.
pub fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in row.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(width - cell.width() + 2));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn wide_characters_take_two_cells() {
        let rows = [vec!["日本".to_owned(), "a".to_owned()], vec!["abc".to_owned(), "b".to_owned()]];
        assert_eq!(columns(&rows), ["日本  a", "abc   b"]);
    }
}
