//! Macros for the model's types that are strings in a file: parsed texts, and words of a fixed list.

/// Implements `Display` and writing for a type with `as_str`.
macro_rules! written_as_text {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

/// Implements `FromStr`, `Display`, `Debug`, serde and ordering by text for a type with `parse` and `as_str`.
///
/// The type provides `fn parse(text: &str) -> Result<Self, ParseError>` and `fn as_str(&self) -> &str`, so
/// that no other way leads from text to the type.
macro_rules! text_type {
    ($name:ident) => {
        impl std::str::FromStr for $name {
            type Err = crate::model::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        crate::model::text::written_as_text!($name);

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "{:?}", self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str($name::EXPECTED)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                        $name::parse(text).map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

/// Implements `Display` and serde for an enum with `ALL` and `as_str`: in a file it is one of these words.
///
/// What serde derives also takes the object `{"word": null}` for a word; a JSON Schema's `enum` does not.
macro_rules! word_type {
    ($name:ident) => {
        crate::model::text::written_as_text!($name);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Word;

                impl serde::de::Visitor<'_> for Word {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("one of the words that the schema lists")
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                        let word = $name::ALL.iter().find(|word| word.as_str() == text);
                        word.copied().ok_or_else(|| E::custom("expected one of the words that the schema lists"))
                    }
                }

                deserializer.deserialize_str(Word)
            }
        }
    };
}

pub(crate) use text_type;
pub(crate) use word_type;
pub(crate) use written_as_text;
