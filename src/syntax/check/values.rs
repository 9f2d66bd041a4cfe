//! Values as Go's libraries read them.

use crate::text::{TextRange, range};

/// A duration in nanoseconds (time.ParseDuration).
pub(super) fn duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let number = rest.len() - rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).len();
        let unit_length =
            rest[number..].find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len() - number);
        let unit = match &rest[number..number + unit_length] {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        // A second point is not part of a number, and Rust's grammar is a superset of the rest of Go's.
        total += rest[..number].parse::<f64>().ok()? * unit;
        rest = &rest[number + unit_length..];
    }
    if total > 9.223_372_036_854_775e18 {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "compared with the largest value above")]
    let nanoseconds = total as i64;
    Some(if negative { -nanoseconds } else { nanoseconds })
}

/// Whether it is a boolean (strconv.ParseBool).
pub(super) fn is_boolean(text: &str) -> bool {
    ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"].contains(&text)
}

/// Whether it is an amount of memory (docker/go-units, `RAMInBytes`).
pub(super) fn is_size(text: &str) -> bool {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '.' && c != ' ');
    let suffix = text[number.len()..].to_lowercase();
    let number = number.strip_suffix(' ').unwrap_or(number);
    let unit = suffix.strip_prefix(['k', 'm', 'g', 't', 'p']);
    let known =
        suffix.is_empty() || suffix == "b" || unit.is_some_and(|rest| ["", "b", "ib"].contains(&rest));
    known && number.parse::<f64>().is_ok_and(|size| size >= 0.0)
}

/// Whether it is something that can be exposed (`dockerfile2llb/convert_expose.go`). Addresses and host ports are
/// accepted without a look: `BuildKit` warns of them itself.
pub(super) fn is_port(text: &str) -> bool {
    let (host, container) = match text.rsplit_once(':') {
        Some((host, container)) => (Some(host), container),
        None => (None, text),
    };
    let (ports, protocol) = container.split_once('/').unwrap_or((container, ""));
    ["", "tcp", "udp", "sctp"].contains(&protocol.to_lowercase().as_str())
        && (is_port_range(ports))
        && host.is_none_or(|host| {
            let port = host.rsplit(':').next().unwrap_or_default();
            port.is_empty() || is_port_range(port)
        })
}

fn is_port_range(text: &str) -> bool {
    let number = |text: &str| text.parse::<i64>().ok().filter(|port| (0..=65_535).contains(port));
    match text.split_once('-') {
        None => number(text).is_some(),
        Some((start, end)) if start == end => number(start).is_some(),
        Some((start, end)) => match (number(start), number(end)) {
            (Some(start), Some(end)) => start <= end,
            _ => false,
        },
    }
}

/// Whether it is a signal on Linux (moby/sys/signal).
pub(super) fn is_signal(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL",
        "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
        "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    ];
    if let Ok(number) = text.parse::<i64>() {
        return number != 0;
    }
    let upper = text.to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let offset = |prefix, most| {
        name.strip_prefix(prefix)
            .is_some_and(|digits| (1..=most).any(|number: u8| number.to_string() == digits))
    };
    NAMES.contains(&name) || offset("RTMIN+", 15) || offset("RTMAX-", 14)
}

/// Whether it can be a platform (containerd/platforms): at most three components of the right characters. Whether the
/// system and the architecture exist is not asked.
pub(super) fn is_platform(text: &str) -> bool {
    let is_component = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    let mut components = text.split('/');
    let system = components.next().unwrap_or_default();
    let (name, options) = match system.split_once('(') {
        Some((name, options)) => (name, options.strip_suffix(')')),
        None => (system, Some("")),
    };
    let is_option = |byte: u8| byte.is_ascii_alphanumeric() || b"_.%+-".contains(&byte);
    is_component(name)
        && !name.contains('.')
        && options.is_some_and(|options| options.bytes().all(is_option))
        && components.clone().count() <= 2
        && components.all(is_component)
}

/// What is wrong with the value of `--device` (`instructions/commands_rundevice.go`).
pub(super) fn device(text: &str) -> Option<String> {
    let mut name = None;
    if text.is_empty() || record_mistake(text).is_some() {
        return Some("--device needs the name of a device".into());
    }
    for field in text.split(',') {
        let (key, value) = match field.split_once('=') {
            Some((key, value)) => (key.to_lowercase(), Some(value)),
            None => (field.to_lowercase(), None),
        };
        match (key.as_str(), value) {
            ("required", None) => {}
            ("required", Some(value)) if is_boolean(value) => {}
            ("required", Some(value)) => return Some(format!("`required` is true or false, not `{value}`")),
            ("name", Some(_)) if name.is_some() => return Some("the device already has a name".into()),
            ("name", Some(value)) => name = Some(value).filter(|name| !name.is_empty()),
            _ if name.is_none() => name = Some(field),
            _ => return Some(format!("--device takes a name and `required`, not `{field}`")),
        }
    }
    None
}

/// The quote in a comma-separated record that is out of place (Go's encoding/csv).
pub(super) fn record_mistake(text: &str) -> Option<TextRange> {
    let mut at = 0;
    loop {
        let field = &text[at..];
        let Some(quoted) = field.strip_prefix('"') else {
            let length = field.find(',').unwrap_or(field.len());
            if let Some(quote) = field[..length].find('"') {
                return Some(range(at + quote, at + quote + 1));
            }
            if length == field.len() {
                return None;
            }
            at += length + 1;
            continue;
        };
        let opening = at;
        let mut rest = quoted;
        let end = loop {
            let Some(quote) = rest.find('"') else { return Some(range(opening, opening + 1)) };
            rest = &rest[quote + 1..];
            match rest.strip_prefix('"') {
                Some(more) => rest = more,
                None => break text.len() - rest.len(),
            }
        };
        if rest.is_empty() {
            return None;
        }
        if !rest.starts_with(',') {
            return Some(range(end - 1, end));
        }
        at = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("1m30s"), Some(90_000_000_000));
        assert_eq!(duration("1.5h"), Some(5_400_000_000_000));
        assert_eq!(duration("-.5s"), Some(-500_000_000));
        assert_eq!(duration("0"), Some(0));
        for text in ["", "1", "s", "1.2.3s", "1d", "1s ", "-", "."] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn sizes() {
        for text in ["1", "1.5m", "64Mb", "1GiB", "10 k", "3b"] {
            assert!(is_size(text), "{text}");
        }
        for text in ["", "m", "1x", "-1", "1mib1", "1bb"] {
            assert!(!is_size(text), "{text}");
        }
    }

    #[test]
    fn ports() {
        for text in ["80", "80/TCP", "8000-8010/udp", "127.0.0.1:80:8080", "5-5", ":80"] {
            assert!(is_port(text), "{text}");
        }
        for text in ["", "http", "65536", "9-8", "80/icmp", "/tcp", "80-"] {
            assert!(!is_port(text), "{text}");
        }
    }

    #[test]
    fn signals() {
        for text in ["SIGTERM", "term", "9", "SIGRTMIN+3", "RTMAX-14"] {
            assert!(is_signal(text), "{text}");
        }
        for text in ["0", "SIGFOO", "RTMIN+16", ""] {
            assert!(!is_signal(text), "{text}");
        }
    }

    #[test]
    fn platforms() {
        for text in ["linux/amd64", "linux/arm/v7", "arm64", "windows(10.0.17763)/amd64"] {
            assert!(is_platform(text), "{text}");
        }
        for text in ["a/b/c/d", "linux/", "*", "linux amd64", "windows(10/amd64"] {
            assert!(!is_platform(text), "{text}");
        }
    }

    #[test]
    fn quotes_in_records() {
        assert_eq!(record_mistake(r#"a,"b,""c",d"#), None);
        assert_eq!(record_mistake(r#"a,b"c"#), Some(range(3, 4)));
        assert_eq!(record_mistake(r#""a"b"#), Some(range(2, 3)));
        assert_eq!(record_mistake(r#"x,"a"#), Some(range(2, 3)));
    }
}
