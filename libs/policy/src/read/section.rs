use super::{Spot, Value};

/// Something that stands under a key.
pub(crate) trait Field: Sized {
    /// Reads it; notes what is wrong and gives `None` when it cannot.
    fn read(spot: &Spot<'_>) -> Option<Self>;

    /// What it is when `parent` has no key `name`: missing, unless it may be absent.
    fn absent(parent: &Spot<'_>, name: &str) -> Option<Self> {
        parent.wrong_at(parent.node.line, &super::spot::join(&parent.key, name), super::spot::MISSING);
        None
    }
}

impl<F: Field> Field for Option<F> {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        F::read(spot).map(Some)
    }

    fn absent(_: &Spot<'_>, _: &str) -> Option<Self> {
        Some(None)
    }
}

/// What a pack says of itself: a value without a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T>(pub(crate) T);

impl<T> std::ops::Deref for Fact<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Value> Field for Fact<T> {
    fn read(spot: &Spot<'_>) -> Option<Self> {
        T::read(spot).map(Self)
    }
}

/// Declares a section of the schema: a struct, its keys and their Chinese terms.
///
/// `check |spot| { … }` sees every field as an `Option` (`None` when it could
/// not be read) and notes contradictions, so that one mistake hides no other.
macro_rules! section {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty = $term:literal, )*
        }
        $( check |$spot:ident| $check:block )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl $crate::read::Field for $name {
            fn read(spot: &$crate::read::Spot<'_>) -> Option<Self> {
                if !spot.is_section() {
                    return None;
                }
                $( let $field: Option<$type> = spot.field(stringify!($field), $term); )*
                spot.refuse_others(&[$( stringify!($field) ),*]);
                $( { let $spot = spot; $check } )?
                Some(Self { $( $field: $field?, )* })
            }
        }
    };
}
pub(crate) use section;
