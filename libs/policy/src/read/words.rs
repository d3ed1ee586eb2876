/// Declares a closed set of words that a pack may use, each with its Chinese term.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal $term:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $word)] $variant, )*
        }

        impl $name {
            /// Every word, in the order of the schema.
            pub const ALL: &[Self] = &[$( Self::$variant ),*];

            /// The word as the pack writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )*
                }
            }

            /// The Chinese term.
            #[must_use]
            pub fn term(self) -> &'static str {
                match self {
                    $( Self::$variant => $term, )*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().find(|word| word.as_str() == text);
                found.copied().ok_or_else(|| {
                    let words: Vec<&str> = Self::ALL.iter().map(|word| word.as_str()).collect();
                    format!("`{text}` is none of {}", words.join(", "))
                })
            }
        }

        impl $crate::read::Key for $name {
            fn from_key(text: &str) -> Result<Self, String> {
                text.parse()
            }
        }

        impl $crate::read::Value for $name {
            fn read(spot: &$crate::read::Spot<'_>) -> Option<Self> {
                let text = spot.text()?;
                text.parse().map_err(|reason: String| spot.wrong(reason)).ok()
            }

            fn show(&self) -> String {
                self.as_str().to_owned()
            }
        }
    };
}
pub(crate) use words;
