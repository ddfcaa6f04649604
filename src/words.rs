//! Enums whose variants are words: in files, in outputs, on the command line.

/// Defines an enum once with the word of each variant, which `as_str` gives; behind `listed`, `ALL` has the variants in
/// this order.
macro_rules! word_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ } listed) => {
        word_enum! { $(#[$meta])* pub enum $name { $($(#[$doc])* $variant = $word,)+ } }

        impl $name {
            /// Every variant, in the order of the schemas and the outputs.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];
        }
    };
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// The word in files and outputs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

pub(crate) use word_enum;
