//! Where each request begins and ends on a connection, read beside hyper, which does not say two things.
//!
//! Hyper takes a request that gives both its length and `Transfer-Encoding` by the second and drops the first: a proxy in
//! front may have done the contrary, and would see another request begin elsewhere (request smuggling). It has also but one
//! patience for a head that dribbles and for a connection at rest. Both want to know where heads are.
//!
//! A chunked body is not followed: its request is the last of its connection.

use httparse::{Request, Status};

/// Longest head that is kept; hyper has refused it long before.
const MAX_HEAD: usize = 64 << 10;
/// Headers in a head, as in hyper.
const MAX_HEADERS: usize = 100;

/// What is being read.
#[derive(Debug)]
enum State {
    /// A head, of which this came.
    Head(Vec<u8>),
    /// A body, of which this many bytes are to come.
    Body(u64),
    /// A chunked body, or what is not HTTP: nothing more is known.
    Lost,
}

/// The bytes of a connection, followed from its start.
#[derive(Debug)]
pub(super) struct Framing {
    state: State,
    first: bool,
    ambiguous: bool,
}

/// How the body of a request is framed.
enum Body {
    Length(u64),
    Chunked { ambiguous: bool },
}

impl Framing {
    pub(super) fn new() -> Self {
        Self { state: State::Head(Vec::new()), first: true, ambiguous: false }
    }

    /// Whether a head is awaited whose time is counted: the first of the connection, or one that has begun.
    pub(super) fn in_head(&self) -> bool {
        matches!(&self.state, State::Head(head) if self.first || !head.is_empty())
    }

    /// Whether the chunked request of the connection also gave a length.
    pub(super) fn ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// Follows what came.
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let next = match &mut self.state {
                State::Lost => return,
                State::Body(left) => {
                    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    *left -= taken as u64;
                    if *left > 0 {
                        return;
                    }
                    State::Head(Vec::new())
                }
                State::Head(head) => {
                    let known = head.len();
                    head.extend_from_slice(bytes);
                    match parse(head) {
                        Ok(None) if head.len() <= MAX_HEAD => return,
                        Ok(None) | Err(()) => State::Lost,
                        Ok(Some((length, body))) => {
                            self.first = false;
                            bytes = &bytes[length.saturating_sub(known)..];
                            match body {
                                Body::Length(0) => State::Head(Vec::new()),
                                Body::Length(length) => State::Body(length),
                                Body::Chunked { ambiguous } => {
                                    self.ambiguous = ambiguous;
                                    State::Lost
                                }
                            }
                        }
                    }
                }
            };
            self.state = next;
        }
    }
}

/// The length of a head and the framing of its body; `None` while the head is not whole.
fn parse(bytes: &[u8]) -> Result<Option<(usize, Body)>, ()> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = Request::new(&mut headers);
    let Status::Complete(length) = request.parse(bytes).map_err(|_| ())? else { return Ok(None) };
    let values = |name: &'static str| {
        request.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
    };
    if values("transfer-encoding").next().is_some() {
        let ambiguous = values("content-length").next().is_some();
        return Ok(Some((length, Body::Chunked { ambiguous })));
    }
    let mut body = 0;
    for value in values("content-length") {
        body = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).ok_or(())?;
    }
    Ok(Some((length, Body::Length(body))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(parts: &[&str]) -> Framing {
        let mut framing = Framing::new();
        for part in parts {
            framing.read(part.as_bytes());
        }
        framing
    }

    #[test]
    fn the_first_head_is_awaited_the_next_only_once_begun() {
        assert!(after(&[]).in_head());
        assert!(after(&["GET / HT"]).in_head());
        assert!(!after(&["GET / HT", "TP/1.1\r\n\r\n"]).in_head());
        assert!(after(&["GET / HTTP/1.1\r\n\r\nGET"]).in_head());
    }

    #[test]
    fn a_body_is_no_head_whatever_it_holds() {
        let post = "POST / HTTP/1.1\r\ncontent-length: 40\r\n\r\n";
        let framing = after(&[post, "GET / HTTP/1.1\r\n", "transfer-encoding: chunk"]);
        assert!(!framing.in_head() && !framing.ambiguous());
        let framing = after(&[
            post,
            &"x".repeat(40),
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        ]);
        assert!(framing.ambiguous());
    }

    #[test]
    fn a_length_beside_chunks_is_ambiguous_in_either_order_and_however_cut() {
        let chunks = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n";
        assert!(!after(&[chunks, "\r\n0\r\n\r\n"]).ambiguous());
        for head in [
            format!("{chunks}content-length: 3\r\n\r\n0\r\n\r\n"),
            "POST / HTTP/1.1\r\nCONTENT-LENGTH: 3\r\nTransfer-encoding: chunked\r\n\r\n".to_owned(),
            "POST / HTTP/1.1\ncontent-length: 3\ntransfer-encoding: identity\n\n".to_owned(),
        ] {
            for cut in 1..head.len() {
                assert!(after(&[&head[..cut], &head[cut..]]).ambiguous(), "{head:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_is_not_http_is_given_up_without_end() {
        let mut framing = after(&["\u{1}\u{2}\u{3}"]);
        framing.read(&vec![b'a'; 1 << 20]);
        assert!(!framing.in_head());
        let mut framing = after(&["GET /"]);
        framing.read(&vec![b'a'; 1 << 20]);
        assert!(!framing.in_head(), "nothing that long is kept");
    }
}
