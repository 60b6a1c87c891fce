//! The feed of notices for those who have no webhook, in Atom (RFC 4287).

use std::fmt::Write;

use super::{rfc3339, Notice};

/// Returns the feed with these `notices`, the newest first. `name` is what it is of, and `id` identifies it.
pub fn atom(name: &str, id: &str, notices: &[Notice]) -> String {
    let updated = notices.iter().map(|notice| notice.time).max().unwrap_or(0);
    let mut feed =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    // Writing to a text does not fail.
    let _ = writeln!(
        feed,
        "  <title>{}</title>\n  <id>urn:patronage:{}</id>\n  <updated>{}</updated>\n  <author><name>{}</name></author>\n  \
         <generator>patronage</generator>",
        escape(name),
        escape(id),
        rfc3339(updated),
        escape(name)
    );
    for notice in notices {
        let data = serde_json::to_string_pretty(&notice.data).unwrap_or_default();
        let _ = writeln!(
            feed,
            "  <entry>\n    <title>{}</title>\n    <id>urn:patronage:{}</id>\n    <updated>{}</updated>\n    <category term=\"{}\"/>\n    \
             <content type=\"text\">{}</content>\n  </entry>",
            escape(&notice.title),
            escape(&notice.id),
            rfc3339(notice.time),
            notice.kind.name(),
            escape(&data)
        );
    }
    feed.push_str("</feed>\n");
    feed
}

/// `text` as character data of XML 1.0. Characters that XML can't express become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' => escaped.push(letter),
            // A reader would turn it into a line break.
            '\r' => escaped.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::Kind;

    #[test]
    fn text_of_strangers_stays_text_in_the_feed() {
        let memo = "</title><script>alert('1')</script> & \u{0}\u{b}\u{ffff}\u{202e}]]> \"x\"";
        let notice = Notice {
            id: "tip-1".to_owned(),
            kind: Kind::Tip,
            time: 1_790_000_000_123,
            title: memo.to_owned(),
            data: serde_json::json!({ "memo": memo }),
        };
        let feed = atom("Mira & <b>", "x", &[notice]);
        assert!(!feed.contains("<script") && !feed.contains("]]>") && !feed.contains('\u{0}'), "{feed}");
        assert!(feed.contains("<title>&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; "), "{feed}");
        assert!(feed.contains("<updated>2026-09-21T14:13:20.123Z</updated>"), "{feed}");
        assert_eq!(feed.matches("<entry>").count(), 1);
        assert!(atom("Mira", "x", &[]).contains("<updated>1970-01-01T00:00:00.000Z</updated>"));
    }
}
