//! Reads the fields of a JSON answer one by one, so that a wrong one is named by its place and never shown.
//!
//! serde's own messages repeat the value that did not fit, which may be something that a customer typed. Fields
//! that this program does not know are never looked at.

use serde_json::{Map, Value};

use super::failure::Cause;

/// The result of reading a field.
pub(crate) type Field<T> = Result<T, Cause>;

/// A JSON object and its place in the answer.
#[derive(Clone, Debug)]
pub(crate) struct Object<'a> {
    fields: &'a Map<String, Value>,
    place: String,
}

impl<'a> Object<'a> {
    pub(crate) fn whole(answer: &'a Value) -> Field<Self> {
        Self::at(answer, String::new())
    }

    fn at(value: &'a Value, place: String) -> Field<Self> {
        match value {
            Value::Object(fields) => Ok(Self { fields, place }),
            _ => Err(Cause::WrongType(if place.is_empty() { "answer".into() } else { place }, "an object")),
        }
    }

    /// The error of a field that is not what was expected.
    pub(crate) fn wrong(&self, name: &str, expected: &'static str) -> Cause {
        Cause::WrongType(self.place_of(name), expected)
    }

    /// A field that is there and not null.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// A text that may be absent, null or empty, which all mean none.
    pub(crate) fn text(&self, name: &str) -> Field<Option<&'a str>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok((!text.is_empty()).then_some(text)),
            Some(_) => Err(self.wrong(name, "a text")),
        }
    }

    pub(crate) fn owned(&self, name: &str) -> Field<Option<String>> {
        Ok(self.text(name)?.map(str::to_owned))
    }

    pub(crate) fn required(&self, name: &str) -> Field<&'a str> {
        self.text(name)?.ok_or_else(|| self.wrong(name, "a text that is not empty"))
    }

    /// A text that may be absent, in the form of `T`.
    pub(crate) fn parsed<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        expected: &'static str,
    ) -> Field<Option<T>> {
        self.text(name)?.map(|text| parse(text).ok_or_else(|| self.wrong(name, expected))).transpose()
    }

    /// A text that has to be there, in the form of `T`.
    pub(crate) fn required_parsed<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        expected: &'static str,
    ) -> Field<T> {
        self.parsed(name, parse, expected)?.ok_or_else(|| self.wrong(name, expected))
    }

    /// A yes or no that may be absent or null.
    pub(crate) fn flag(&self, name: &str) -> Field<Option<bool>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.wrong(name, "`true` or `false`")),
        }
    }

    /// A whole number from 0 that may be absent or null.
    pub(crate) fn count(&self, name: &str) -> Field<Option<u64>> {
        let expected = "a whole number from 0";
        self.value(name).map(|value| value.as_u64().ok_or_else(|| self.wrong(name, expected))).transpose()
    }

    /// A whole number that may be absent or null; the providers' JSON writes some with a point and a zero.
    pub(crate) fn whole_number(&self, name: &str) -> Field<Option<i64>> {
        let whole = |value: &Value| value.as_i64().or_else(|| value.to_string().strip_suffix(".0")?.parse().ok());
        self.value(name).map(|value| whole(value).ok_or_else(|| self.wrong(name, "a whole number"))).transpose()
    }

    /// An object that may be absent or null.
    pub(crate) fn object(&self, name: &str) -> Field<Option<Self>> {
        self.value(name).map(|value| Self::at(value, self.place_of(name))).transpose()
    }

    /// A list of objects that may be absent or null.
    pub(crate) fn objects(&self, name: &str) -> Field<Option<Vec<Self>>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Array(values)) => items(values, &self.place_of(name)).map(Some),
            Some(_) => Err(self.wrong(name, "a list")),
        }
    }

    /// A list of objects that has to be there.
    pub(crate) fn required_objects(&self, name: &str) -> Field<Vec<Self>> {
        self.objects(name)?.ok_or_else(|| self.wrong(name, "a list"))
    }

    /// A list of texts; absent and null mean empty.
    pub(crate) fn texts(&self, name: &str) -> Field<Vec<String>> {
        let wrong = || self.wrong(name, "a list of texts");
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                values.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
            }
            Some(_) => Err(wrong()),
        }
    }

    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }
}

fn items<'a>(values: &'a [Value], place: &str) -> Field<Vec<Object<'a>>> {
    values.iter().enumerate().map(|(index, value)| Object::at(value, format!("{place}[{index}]"))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wrong_field_is_named_by_its_place() {
        let answer = json!({"items": [{"sid": "x"}, {"sid": 7}, 3], "flag": "yes", "count": -1});
        let whole = Object::whole(&answer).unwrap();
        assert_eq!(whole.objects("items").unwrap_err(), Cause::WrongType("items[2]".into(), "an object"));
        assert_eq!(whole.flag("flag").unwrap_err(), Cause::WrongType("flag".into(), "`true` or `false`"));
        assert_eq!(whole.count("count").unwrap_err(), Cause::WrongType("count".into(), "a whole number from 0"));
        let answer = json!({"items": [{"sid": "x"}, {"sid": 7}]});
        let items = Object::whole(&answer).unwrap().required_objects("items").unwrap();
        assert_eq!(items[0].required("sid"), Ok("x"));
        assert_eq!(items[1].text("sid"), Err(Cause::WrongType("items[1].sid".into(), "a text")));
    }

    #[test]
    fn absent_null_and_empty_texts_are_none() {
        let answer = json!({"null": null, "empty": "", "list": null});
        let whole = Object::whole(&answer).unwrap();
        for name in ["absent", "null", "empty"] {
            assert_eq!(whole.text(name), Ok(None), "{name}");
        }
        assert_eq!(whole.texts("list"), Ok(Vec::new()));
        assert!(whole.required("empty").is_err());
        assert!(Object::whole(&json!([])).is_err());
    }
}
