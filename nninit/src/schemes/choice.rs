//! What enums whose variants are the rows of a table of the language have in common.

/// Gives `$type` the names of `$table`: `name`, `Display`, and `FromStr` with `$error`.
macro_rules! choice {
    ($type:ident, $table:ident, $error:ident) => {
        impl $type {
            /// The name that attributes use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                $table.rows[self as usize].name
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                let row = $table.find(text);
                row.map(|row| Self::ALL[row])
                    .map_err(|message| $error { message })
            }
        }

        const _: () = assert!($type::ALL.len() == $table.rows.len());

        #[cfg(test)]
        #[test]
        fn rows_are_the_variants_in_order() {
            for (choice, row) in $type::ALL.into_iter().zip($table.rows) {
                assert_eq!(format!("{choice:?}"), row.variant);
                assert_eq!(row.name.parse(), Ok(choice));
                assert!(row.alias.is_none_or(|alias| alias.parse() == Ok(choice)));
            }
        }
    };
}

pub(super) use choice;
