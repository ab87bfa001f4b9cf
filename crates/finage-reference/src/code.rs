//! The one shape of all identifiers: a fixed number of ASCII bytes that were checked on the way in.

/// Declares a fixed-width identifier over `[u8; $len]`; `$check` turns text into checked bytes.
macro_rules! fixed_code {
    ($(#[$doc:meta])* $name:ident, $len:literal, $error:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub(crate) [u8; $len]);

        impl $name {
            /// Number of characters of the stored form.
            pub const LEN: usize = $len;

            /// The stored, fixed-width form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                // Only checked ASCII is ever stored, so the default is never taken.
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::ReferenceError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $check(text).map(Self).ok_or_else(|| crate::ReferenceError::$error(crate::error::quoted(text)))
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::ReferenceError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.as_str().to_owned()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }
    };
}

/// `Display` that writes the stored form.
macro_rules! display_stored {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use {display_stored, fixed_code};
