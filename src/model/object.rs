//! One macro for the structs that are JSON objects in a file.
//!
//! What serde derives also takes an array for a struct, its elements in the order of the fields, and so `[]` for
//! a struct whose fields are all optional. A JSON Schema of type `object` does not.

/// Implements serde's traits for a struct derived with `#[serde(remote = "Self")]`, reading JSON objects only.
macro_rules! object_type {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                // The derived function of the struct itself, which `remote` makes; not this one of the trait.
                $name::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object;

                impl<'de> serde::de::Visitor<'de> for Object {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
                        $name::deserialize(serde::de::value::MapAccessDeserializer::new(access))
                    }
                }

                deserializer.deserialize_map(Object)
            }
        }
    };
}

pub(crate) use object_type;
