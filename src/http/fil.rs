//! A connection that does not let its client take all the time it likes: to send a head, or to read an answer.
//!
//! Bodies have their own bound, between their pieces and in all, where they are read.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::trame::Framing;

/// What a client that reads slowly must at least take within the time it has; a sixth of a modem's pace.
const PROGRESS: usize = 16 << 10;

/// A stream under watch.
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: S,
    framing: Framing,
    /// Set when a request frames its body in two ways.
    ambiguous: Arc<AtomicBool>,
    head_timeout: Duration,
    head: Option<Pin<Box<Sleep>>>,
    write_timeout: Duration,
    write: Option<Pin<Box<Sleep>>>,
    written: usize,
}

impl<S> Wire<S> {
    pub(super) fn new(stream: S, head_timeout: Duration, write_timeout: Duration) -> Self {
        Self {
            stream,
            framing: Framing::new(),
            ambiguous: Arc::default(),
            head_timeout,
            head: Some(Box::pin(tokio::time::sleep(head_timeout))),
            write_timeout,
            write: None,
            written: 0,
        }
    }

    /// Becomes true when the chunked request of the connection, its last, also gave a length.
    pub(super) fn ambiguous(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.ambiguous)
    }

    fn progress(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(length)) => {
                self.written = self.written.saturating_add(length);
                if self.written >= PROGRESS {
                    self.write = None;
                }
                Poll::Ready(Ok(length))
            }
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => {
                if self.write.is_none() {
                    self.written = 0;
                }
                let patience = self.write_timeout;
                let timer = self.write.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
                timer.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                this.framing.read(buffer.filled().get(before..).unwrap_or_default());
                if this.framing.ambiguous() {
                    this.ambiguous.store(true, Ordering::Relaxed);
                }
                if !this.framing.in_head() {
                    this.head = None;
                } else if this.head.is_none() {
                    this.head = Some(Box::pin(tokio::time::sleep(this.head_timeout)));
                }
                Poll::Ready(Ok(()))
            }
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => match &mut this.head {
                Some(timer) => timer.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
                None => Poll::Pending,
            },
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.progress(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.progress(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // All was taken: the client owes nothing.
        this.write = None;
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const HEAD: Duration = Duration::from_millis(200);
    const WRITE: Duration = Duration::from_secs(2);

    #[tokio::test]
    async fn a_head_that_dribbles_is_cut_off() {
        let (mut client, server) = duplex(1 << 16);
        let mut wire = Wire::new(server, HEAD, WRITE);
        let dribble = tokio::spawn(async move {
            while client.write_all(b"G").await.is_ok() {
                tokio::time::sleep(HEAD / 20).await;
            }
        });
        let mut sink = Vec::new();
        let error = wire.read_to_end(&mut sink).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(wire);
        dribble.await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_at_rest_is_left_to_hyper_and_a_body_to_its_reader() {
        let (mut client, server) = duplex(1 << 16);
        let mut wire = Wire::new(server, HEAD, WRITE);
        let mut buffer = [0; 1024];
        for request in ["GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc"] {
            client.write_all(request.as_bytes()).await.unwrap();
            assert_eq!(wire.read(&mut buffer).await.unwrap(), request.len());
            let rest = tokio::time::timeout(HEAD * 3, wire.read(&mut buffer)).await;
            assert!(rest.is_err(), "nothing cuts it");
        }
    }

    #[tokio::test]
    async fn an_answer_that_nobody_reads_is_given_up() {
        let (mut client, server) = duplex(1024);
        let mut wire = Wire::new(server, HEAD, WRITE);
        let reading = tokio::spawn(async move {
            let mut buffer = [0; 64];
            while client.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                tokio::time::sleep(WRITE / 20).await;
            }
        });
        let error = wire.write_all(&vec![0; 1 << 20]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(wire);
        reading.await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_read_at_a_fair_pace_goes_whole() {
        let (mut client, server) = duplex(32 << 10);
        let mut wire = Wire::new(server, HEAD, WRITE);
        let reading = tokio::spawn(async move {
            let (mut buffer, mut total) = (vec![0; 32 << 10], 0);
            while let Ok(read @ 1..) = client.read(&mut buffer).await {
                total += read;
                tokio::time::sleep(WRITE / 8).await;
            }
            total
        });
        // Longer in all than the time a part has.
        let answer = vec![0; 12 * (32 << 10)];
        wire.write_all(&answer).await.unwrap();
        wire.flush().await.unwrap();
        drop(wire);
        assert_eq!(reading.await.unwrap(), answer.len());
    }
}
