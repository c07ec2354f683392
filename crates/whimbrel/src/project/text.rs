//! Reading texts that somebody wrote, wherever their editor has put them.

use std::{fs, io, path::Path};

use super::Error;

/// Reads a text file.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    let failed = |it| Error::file("read", path, it);
    let bytes = fs::read(path).map_err(failed)?;
    of(bytes).map_err(|why| failed(io::Error::new(io::ErrorKind::InvalidData, why)))
}

/// The text that these bytes are, or why they are none: "it is not UTF-8: line 3 holds the byte E9".
pub(super) fn of(bytes: Vec<u8>) -> Result<String, String> {
    // To everything that reads it, all of it would be one line, and a comment would never end.
    if bytes.contains(&b'\r') && !bytes.contains(&b'\n') && !bytes.contains(&0) {
        return Err("its lines end in CR alone; save it with LF or CRLF at their ends".to_owned());
    }
    String::from_utf8(bytes).map_err(|it| {
        let (place, bytes) = (it.utf8_error().valid_up_to(), it.as_bytes());
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return "it is UTF-16; save it as UTF-8".to_owned();
        }
        let line = bytes[..place].split(|it| *it == b'\n').count();
        let byte = bytes.get(place).copied().unwrap_or_default();
        format!("it is not UTF-8: line {line} holds the byte {byte:02X}; save it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        assert_eq!(of(b"a\n\xc3\xa9".to_vec()), Ok("a\n\u{e9}".to_owned()));
        let told = |bytes: &[u8]| of(bytes.to_vec()).expect_err("it is no text");
        let wanted = "it is not UTF-8: line 2 holds the byte E9; save it as UTF-8";
        assert_eq!(told(b"a\nus\xe9rs\n"), wanted);
        assert_eq!(of(b"a\r\nb\r".to_vec()), Ok("a\r\nb\r".to_owned()));
        assert!(told(b"-- a\rSELECT 1;\r").starts_with("its lines end in CR alone"));
        assert_eq!(told(b"\xff\xfea\0"), "it is UTF-16; save it as UTF-8");
    }
}
