//! The elements that the drawing is made of, and their looks.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

pub(super) const STYLE: &str = "\
text{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;\
font-size:12px;fill:#1f2328}\
.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;font-size:11px}\
.page{fill:#fff}.h1{font-size:17px;font-weight:600}.h2{font-size:15px;font-weight:600}.name{font-size:14px;font-weight:600}\
.quiet{fill:#59636e}.box{fill:#f6f8fa;stroke:#d1d9e0}.exported{stroke:#59636e;stroke-width:2}\
.hot{stroke:#bc4c00}.unused{fill:none;stroke:#d1d9e0;stroke-dasharray:5 4}.rule{stroke:#d1d9e0}\
.chip{fill:#eaeef2}.chip-hot{fill:#ffd8b5}.band{fill:#fff1e5}.hot-ink{fill:#953800}.bad{fill:#d1242f}\
.native{fill:#1a7f37}.emulated{fill:#bc4c00}.idle{fill:none;stroke:#818b98}\
.edge{fill:none;stroke:#6e7781;stroke-width:1.5}.base{stroke-width:3}.mount{stroke-dasharray:2 4;stroke-linecap:round}\
.tip{fill:#6e7781}.faded{opacity:.6}\
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.page{fill:#0d1117}.quiet{fill:#9198a1}\
.box{fill:#151b23;stroke:#3d444d}.exported{stroke:#9198a1}.hot{stroke:#db6d28}.unused{fill:none;stroke:#3d444d}\
.rule{stroke:#3d444d}.chip{fill:#2f3742}.chip-hot{fill:#5a2a08}.band{fill:#341a05}.hot-ink{fill:#ffb77c}.bad{fill:#ff7b72}\
.native{fill:#3fb950}.emulated{fill:#f0883e}.idle{fill:none;stroke:#656c76}.edge{stroke:#848d97}.tip{fill:#848d97}}";

/// How many columns of text are, in pixels.
pub(super) fn width(text: &str, column: f64) -> f64 {
    f64::from(u32::try_from(text.width()).unwrap_or(u32::MAX)) * column
}

pub(super) fn line(body: &mut String, from: (f64, f64), to: (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (from, to);
    push(
        body,
        format_args!("<line class=\"rule\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"),
    );
}

pub(super) fn draw_text(body: &mut String, x: f64, y: f64, class: &str, text: &str) {
    push(body, format_args!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escape(text)));
}

pub(super) fn draw_end_text(body: &mut String, x: f64, y: f64, class: &str, text: &str) {
    push(
        body,
        format_args!(
            "<text class=\"{class}\" text-anchor=\"end\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
            escape(text)
        ),
    );
}

pub(super) fn push(body: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = body.write_fmt(arguments);
}

/// Text for XML. Characters that XML does not have become one that shows that something was there.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
