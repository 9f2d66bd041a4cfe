//! Messages on a byte stream. What cannot be read is answered and skipped: the stream goes on behind it.

use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::Sender;

use lsp_server::{ErrorCode, Message};
use serde::Serialize;
use serde_json::{Value, json};

use super::Event;

/// No Dockerfile and no request is as long; a client that says so is mistaken.
const LONGEST: u64 = 1 << 28;

/// Reads messages until the stream ends or the server is gone.
pub(super) fn read(mut input: impl BufRead, events: &Sender<Event>) {
    while let Ok(Some(event)) = next(&mut input) {
        if events.send(event).is_err() {
            return;
        }
    }
    // Nobody listens any more: that is the end, too.
    let _ = events.send(Event::Closed);
}

/// Writes a message.
pub(super) fn write(output: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string(message)?;
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

/// The next message, or what is wrong with it; none at the end of the stream.
fn next(input: &mut impl BufRead) -> io::Result<Option<Event>> {
    let Some(length) = header(input)? else { return Ok(None) };
    let length = match length {
        Ok(length) if length <= LONGEST => length,
        Ok(length) => {
            io::copy(&mut input.take(length), &mut io::sink())?;
            return Ok(Some(refused(&Value::Null, ErrorCode::ParseError, "the message is too long")));
        }
        Err(message) => return Ok(Some(refused(&Value::Null, ErrorCode::ParseError, message))),
    };
    let mut body = Vec::new();
    if input.take(length).read_to_end(&mut body)? as u64 != length {
        return Ok(None);
    }
    let value: Value = match serde_json::from_slice(&body) {
        Ok(value) => value,
        Err(error) => {
            let message = format!("the message is not JSON: {error}");
            return Ok(Some(refused(&Value::Null, ErrorCode::ParseError, &message)));
        }
    };
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    // The type tries one kind of message after the other; what has an id and a method can only be a request.
    let is_answer = value.get("method").is_none();
    Ok(Some(match serde_json::from_value::<Message>(value) {
        Ok(message @ Message::Notification(_)) if !id.is_null() => {
            let Message::Notification(notification) = message else { unreachable!("matched above") };
            let message = format!("`{}` has an id that is neither a number nor a text", notification.method);
            refused(&id, ErrorCode::InvalidRequest, &message)
        }
        Ok(message) => Event::Message(message),
        // An answer that cannot be read is not answered: that would be an answer to nothing.
        Err(_) if is_answer && !id.is_null() => Event::Ignored,
        Err(error) => {
            let message = format!("neither a request nor a notification: {error}");
            refused(&id, ErrorCode::InvalidRequest, &message)
        }
    }))
}

/// The length that the header of the next message gives, or what is wrong with it; none at the end of the stream.
fn header(input: &mut impl BufRead) -> io::Result<Option<Result<u64, &'static str>>> {
    let mut length = None;
    let mut lines = 0;
    loop {
        let mut line = Vec::new();
        // A line that never ends is no header; what is left of it is the next one.
        if input.take(1 << 16).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        let line = line.trim_end();
        // What a message with a wrong length left behind may stand in front of it on the same line.
        if let Some((_, value)) = line.rsplit_once("content-length:") {
            length = Some(value.trim().parse().map_err(|_| "Content-Length is not a number"));
        } else if line.is_empty() && (length.is_some() || lines > 0) {
            return Ok(Some(length.unwrap_or(Err("the header has no Content-Length"))));
        }
        lines += 1;
    }
}

fn refused(id: &Value, code: ErrorCode, message: &str) -> Event {
    let error = json!({ "code": code as i32, "message": message });
    Event::Refused(json!({ "jsonrpc": "2.0", "id": id, "error": error }))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// What is read, in short.
    fn events(input: &str) -> Vec<String> {
        let (sender, receiver) = mpsc::channel();
        read(input.as_bytes(), &sender);
        drop(sender);
        receiver
            .into_iter()
            .map(|event| match event {
                Event::Message(Message::Request(request)) => format!("request {}", request.method),
                Event::Message(Message::Notification(it)) => format!("notification {}", it.method),
                Event::Message(Message::Response(response)) => format!("response {}", response.id),
                Event::Refused(answer) => format!("{} {}", answer["error"]["code"], answer["id"]),
                Event::Closed => "closed".to_owned(),
                _ => "other".to_owned(),
            })
            .collect()
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn messages_follow_each_other() {
        let input = framed(r#"{"jsonrpc":"2.0","method":"a"}"#)
            + "content-length:34\nContent-Type: x\n\n"
            + r#"{"jsonrpc":"2.0","id":1,"method":""}"#;
        assert_eq!(events(&input[..input.len() - 2])[0], "notification a");
        let input =
            framed(r#"{"jsonrpc":"2.0","id":"x","method":"b"}"#) + &framed(r#"{"id":1,"result":null}"#);
        assert_eq!(events(&input), ["request b", "response 1", "closed"]);
    }

    #[test]
    fn what_is_no_message_is_answered_and_skipped() {
        let good = framed(r#"{"method":"a"}"#);
        for (bad, answer) in [
            (framed("{"), "-32700 null"),
            (framed("[]"), "-32600 null"),
            (framed(r#"{"id":7}"#), "other"),
            (framed(r#"{"id":7,"method":3}"#), "-32600 7"),
            (framed(r#"{"id":1.5,"method":"x"}"#), "-32600 1.5"),
            (framed(r#"{"id":99999999999,"method":"x"}"#), "-32600 99999999999"),
            ("Content-Length: x\r\n\r\n".to_owned(), "-32700 null"),
            ("Content-Type: y\r\n\r\n".to_owned(), "-32700 null"),
        ] {
            assert_eq!(events(&(bad.clone() + &good)), [answer, "notification a", "closed"], "{bad}");
        }
    }

    #[test]
    fn a_wrong_length_costs_its_message_alone() {
        let good = framed(r#"{"method":"a"}"#);
        let short = "Content-Length: 5\r\n\r\n{\"method\":\"lost\"}";
        assert_eq!(events(&format!("{short}{good}")), ["-32700 null", "notification a", "closed"]);
    }

    #[test]
    fn a_message_that_breaks_off_is_the_end() {
        assert_eq!(events("Content-Length: 50\r\n\r\n{}"), ["closed"]);
    }
}
