//! Names under which encrypted files are served.

/// The maximum length of a file name, in bytes.
const MOST_NAME: usize = 128;

/// Whether a file of that name can be served: letters, digits, `.`, `-` and `_`, without a dot at the beginning. Such a
/// name is the same in a URI and in a folder, and never leads to another folder.
pub fn servable(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && name.len() <= MOST_NAME && !name.starts_with('.') && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_names_are_served() {
        for name in ["a", "episode-1.mp3.age", "A_b.9"] {
            assert!(servable(name), "{name}");
        }
        for name in ["", ".", "..", ".hidden", "a/b", "../a", "a\\b", "a b", "ä", "a\0", "%2e%2e", "a%2fb"] {
            assert!(!servable(name), "{name}");
        }
        assert!(!servable(&"a".repeat(MOST_NAME + 1)));
    }

    proptest! {
        #[test]
        fn a_name_that_is_served_stays_in_its_folder(name in "(?s)[./\\\\a-c%\0 -]{0,8}|.{0,8}") {
            if servable(&name) {
                let folder = std::path::Path::new("/content");
                let path = folder.join(&name);
                prop_assert_eq!(path.parent(), Some(folder));
                prop_assert_eq!(path.components().count(), 3);
            }
        }
    }
}
