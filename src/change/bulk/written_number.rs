//! The number of a row, in whatever form a person or a spreadsheet left it.

use crate::change::edit::Action;
use crate::change::rails::Objection;
use crate::model::{Directory, PhoneNumber};
use crate::query::number::{self, Match};

/// Reads a number in E.164 form, or finds the one that a person means; a number that may be new is not guessed.
pub fn read(directory: &Directory, written: &str, action: Action) -> Result<PhoneNumber, Objection> {
    match PhoneNumber::parse(written) {
        Ok(number) => Ok(number),
        Err(_) if is_shortened(written) => {
            Err(Objection::mistake(format!("`{written}` is a number that a spreadsheet has shortened"))
                .hint("its last digits are lost: make the column a column of text, and fill it anew"))
        }
        Err(error) if action == Action::Import => {
            Err(Objection::mistake(format!("`{written}` is not a number: {error}")))
        }
        // A sum of money to one place: so some tools write whole numbers.
        Err(_) => match number::find(directory, written.strip_suffix(".0").unwrap_or(written)) {
            Match::One(number) => Ok(number),
            Match::Several(numbers) => Err(Objection::mistake(format!("`{written}` may be one of several numbers"))
                .hint(format!("give one of {}", quoted(&numbers)))),
            Match::None(nearest) => Err(unknown(written, &nearest)),
        },
    }
}

/// Whether a number is written with an exponent, as a spreadsheet shows one with many digits.
pub fn is_shortened(written: &str) -> bool {
    let number = written.trim().replace(',', ".");
    number.contains(['E', 'e']) && number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// That the directory does not have what was written.
pub fn unknown(written: &str, nearest: &[PhoneNumber]) -> Objection {
    let objection = Objection::mistake(format!("number `{written}` is not in the directory"));
    if !written.chars().any(char::is_numeric) {
        return objection.hint(
            "it is no number: take rows of totals and remarks out of the list, and fill a spreadsheet's errors anew",
        );
    }
    if nearest.is_empty() { objection } else { objection.hint(format!("the nearest are {}", quoted(nearest))) }
}

fn quoted(numbers: &[PhoneNumber]) -> String {
    numbers.iter().map(|number| format!("`{number}`")).collect::<Vec<_>>().join(", ")
}
