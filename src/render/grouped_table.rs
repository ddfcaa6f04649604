//! A table that is too wide for a terminal as several: one for each text of a column, such as a workspace, under that text.

use super::table::{Cell, Room, can_fit, fitted};

/// Writes rows below their headings as lines. Where a line each is too narrow for them, the rows of each text of a column
/// stand together under it, in the order in which the texts come, and the column itself is left out. All of them are shortened, so
/// that one text is shown in one way.
pub fn fitted_by(column: Option<usize>, rows: &[Vec<Cell>], room: Room) -> Vec<String> {
    let (Some(column), Some((headings, records))) = (column.filter(|_| !can_fit(rows, room)), rows.split_first())
    else {
        return fitted(rows, room);
    };
    let mut groups: Vec<(&str, Vec<Vec<Cell>>)> = Vec::new();
    for record in records {
        let name = record.get(column).map_or("", Cell::text);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push(without(column, record)),
            None => groups.push((name, vec![without(column, headings), without(column, record)])),
        }
    }
    let mut lines = Vec::new();
    for (place, (name, group)) in groups.into_iter().enumerate() {
        lines.extend((place > 0).then(String::new));
        lines.push(heading(name, headings[column].text()));
        lines.extend(fitted(&group, room));
    }
    lines
}

fn without(column: usize, row: &[Cell]) -> Vec<Cell> {
    row.iter().enumerate().filter(|(at, _)| *at != column).map(|(_, cell)| cell.shortened()).collect()
}

/// `Staging:`, and `No workspace:` for rows of none.
fn heading(name: &str, column: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if name != "-" => format!("{}{}:", first.to_uppercase(), letters.as_str()),
        _ => format!("No {}:", column.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_do_not_fit_stand_under_what_they_have_in_common() {
        let row = |texts: [&str; 3]| texts.map(Cell::plain).to_vec();
        let rows = [
            row(["NUMBER", "WORKSPACE", "CALLS"]),
            row(["+14155550101", "staging", "12"]),
            row(["+14155550101", "production", "7"]),
            row(["+14155550102", "staging", "1"]),
            row(["+14155550103", "-", "0"]),
        ];
        let wide = fitted_by(Some(1), &rows, Room::Cells(40));
        assert_eq!(wide, fitted(&rows, Room::Unlimited));
        let narrow = [
            "Staging:",
            "NUMBER        CALLS",
            "+14155550101  12",
            "+14155550102  1",
            "",
            "Production:",
            "NUMBER        CALLS",
            "+14155550101  7",
            "",
            "No workspace:",
            "NUMBER        CALLS",
            "+14155550103  0",
        ];
        assert_eq!(fitted_by(Some(1), &rows, Room::Cells(25)), narrow);
        assert_eq!(fitted_by(None, &rows, Room::Cells(25)), fitted(&rows, Room::Cells(25)));
    }
}
