//! Just enough of PostgreSQL's protocol 3.0 to know that the cluster answers, and to ask it a short question.
//!
//! Source: PostgreSQL 15 documentation, chapter 55 "Frontend/Backend Protocol".

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// A message longer than this is no answer to our questions, in bytes.
const MESSAGE_LIMIT: usize = 1 << 20;
const PROTOCOL: u32 = 3 << 16;
/// SQLSTATE while the server starts, recovers or stops.
const CANNOT_CONNECT_NOW: &str = "57P03";

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum WireError {
    /// Nobody listens, or the line broke.
    Io(io::Error),
    /// The server says that it starts, recovers or stops.
    NotNow,
    /// The server refuses.
    Server { code: String, message: String },
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A connection as one database user.
#[derive(Debug)]
pub(crate) struct Session {
    stream: UnixStream,
}

impl Session {
    /// Connects and waits until the server is ready for a query.
    pub(crate) fn connect(socket: &Path, database: &str, timeout: Duration) -> Result<Self, WireError> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(timeout))?;
        stream.set_write_timeout(Some(timeout))?;
        let mut session = Self { stream };
        let mut body = PROTOCOL.to_be_bytes().to_vec();
        for text in ["user", crate::SUPERUSER, "database", database, "application_name", "finage", ""] {
            body.extend_from_slice(text.as_bytes());
            body.push(0);
        }
        session.send(None, &body)?;
        session.rows()?;
        Ok(session)
    }

    /// The rows of one simple query, as text; null is empty.
    pub(crate) fn query(&mut self, sql: &'static str) -> Result<Vec<Vec<String>>, WireError> {
        let mut body = sql.as_bytes().to_vec();
        body.push(0);
        self.send(Some(b'Q'), &body)?;
        self.rows()
    }

    fn send(&mut self, tag: Option<u8>, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
        let mut message: Vec<u8> = tag.into_iter().collect();
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(body);
        self.stream.write_all(&message)
    }

    /// Reads until ReadyForQuery; the first error wins.
    fn rows(&mut self) -> Result<Vec<Vec<String>>, WireError> {
        let mut rows = Vec::new();
        let mut failure = None;
        loop {
            let (tag, body) = match self.receive() {
                Ok(message) => message,
                // A refused connection is closed after its error, without ReadyForQuery.
                Err(error) => return Err(failure.unwrap_or(WireError::Io(error))),
            };
            match tag {
                b'Z' => return failure.map_or(Ok(rows), Err),
                b'D' => rows.push(data_row(&body).ok_or_else(malformed)?),
                b'E' => failure = failure.or(Some(error_response(&body))),
                b'R' if body != [0; 4] => {
                    let message = "authentification par mot de passe demandée".to_owned();
                    return Err(WireError::Server { code: "28000".to_owned(), message });
                }
                _ => {}
            }
        }
    }

    fn receive(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.stream.read_exact(&mut head)?;
        let [tag, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(io::Error::other)?;
        if !(4..=MESSAGE_LIMIT).contains(&length) {
            return Err(malformed());
        }
        let mut body = vec![0; length - 4];
        self.stream.read_exact(&mut body)?;
        Ok((tag, body))
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "message PostgreSQL mal formé")
}

/// DataRow: a count of columns, then for each a length (-1: null) and its text.
fn data_row(body: &[u8]) -> Option<Vec<String>> {
    let (count, mut rest) = body.split_first_chunk::<2>()?;
    let mut columns = Vec::new();
    for _ in 0..u16::from_be_bytes(*count) {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
        let (text, after) = after.split_at_checked(length)?;
        columns.push(String::from_utf8_lossy(text).into_owned());
        rest = after;
    }
    Some(columns)
}

/// ErrorResponse: fields of one letter and a text, each ended by zero.
fn error_response(body: &[u8]) -> WireError {
    let (mut code, mut message) = (String::new(), String::new());
    for field in body.split(|byte| *byte == 0) {
        let Some((letter, text)) = field.split_first() else {
            continue;
        };
        let text = String::from_utf8_lossy(text).into_owned();
        match letter {
            b'C' => code = text,
            b'M' => message = text,
            _ => {}
        }
    }
    if code == CANNOT_CONNECT_NOW {
        return WireError::NotNow;
    }
    WireError::Server { code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_and_a_short_one_refused() {
        let body = b"\0\x02\0\0\0\x01a\xff\xff\xff\xff";
        assert_eq!(data_row(body), Some(vec!["a".to_owned(), String::new()]));
        assert_eq!(data_row(b"\0\x01\0\0\0\x09a"), None);
        assert_eq!(data_row(b""), None);
    }

    /// DataRow's encoding, from the documentation.
    fn encode(row: &[String]) -> Vec<u8> {
        let mut body = u16::try_from(row.len()).unwrap().to_be_bytes().to_vec();
        for column in row {
            body.extend_from_slice(&u32::try_from(column.len()).unwrap().to_be_bytes());
            body.extend_from_slice(column.as_bytes());
        }
        body
    }

    proptest::proptest! {
        #[test]
        fn any_row_comes_back(row: Vec<String>) {
            proptest::prop_assert_eq!(data_row(&encode(&row)), Some(row));
        }

        #[test]
        fn any_bytes_are_answered(body: Vec<u8>) {
            let _ = (data_row(&body), error_response(&body));
        }
    }

    #[test]
    fn starting_up_is_told_from_refusal() {
        assert!(matches!(error_response(b"SFATAL\0C57P03\0Mstarting\0\0"), WireError::NotNow));
        let refusal = error_response(b"SFATAL\0C28000\0Mno map\0\0");
        assert!(matches!(refusal, WireError::Server { code, message } if code == "28000" && message == "no map"));
    }
}
