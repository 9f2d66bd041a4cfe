//! The drawing is XML that a browser takes, and shows every stage.

use std::io::Write;
use std::process::{Command, Stdio};

use roxmltree::Document;

fn draw(text: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dflint"))
        .args(["plan", "--format", "svg", "--build-platform", "linux/amd64", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// The texts that are drawn.
fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts =
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    texts.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_stage_is_drawn_for_every_platform() {
    for text in [
        include_str!("../corpus/go/http-server.Dockerfile"),
        include_str!("../corpus/plan/gateway.Dockerfile"),
        include_str!("../corpus/plan/storefront.Dockerfile"),
    ] {
        let texts = texts(&draw(text));
        let names = text
            .lines()
            .filter(|line| line.starts_with("FROM "))
            .filter_map(|line| line.split(" AS ").nth(1));
        for name in names {
            assert_eq!(texts.iter().filter(|text| *text == name).count(), 2, "{name}");
        }
    }
}

#[test]
fn text_cannot_leave_its_element() {
    let svg = draw("FROM a AS x\nRUN echo '</text><script>alert(1)</script>' \"&amp;\" ]]> \u{1} \u{fffe}\n");
    let document = Document::parse(&svg).unwrap();
    assert!(!document.descendants().any(|node| node.tag_name().name() == "script"));
    assert!(texts(&svg).iter().any(|text| text.starts_with("echo '</text><script>")));
}

#[test]
fn boxes_do_not_overlap() {
    let many: String = (0..40).fold(String::from("FROM a AS s0\n"), |text, stage| {
        text + &format!("FROM s{} AS s{}\nCOPY --from=s0 / /\nRUN make {stage}\n", stage / 3, stage + 1)
    });
    let svg = draw(&many);
    let document = Document::parse(&svg).unwrap();
    let boxes: Vec<[f64; 4]> = document
        .descendants()
        .filter(|node| node.attribute("class").is_some_and(|class| class.starts_with("box")))
        .map(|node| ["x", "y", "width", "height"].map(|name| node.attribute(name).unwrap().parse().unwrap()))
        .collect();
    assert_eq!(boxes.len(), 82);
    for (index, a) in boxes.iter().enumerate() {
        for b in &boxes[index + 1..] {
            let apart =
                a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
            assert!(apart, "{a:?} {b:?}");
        }
    }
}

#[test]
fn the_legend_fits() {
    let svg = draw("FROM a AS x\nRUN b\n");
    let document = Document::parse(&svg).unwrap();
    let number =
        |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let last = document.descendants().rfind(roxmltree::Node::is_element).unwrap();
    assert_eq!(last.text(), Some("not part of this build"));
    // 12 pixels high, and about 6 wide for each letter.
    let end = number(last, "x") + 6.0 * 22.0;
    assert!(end <= number(document.root_element(), "width"), "{end}: {svg}");
}

#[test]
fn a_build_that_cannot_start_is_told() {
    let texts = texts(&draw("FROM $NOTHING\n"));
    assert!(texts.iter().any(|text| text.starts_with("line 1: the base name `$NOTHING`")), "{texts:?}");
}
