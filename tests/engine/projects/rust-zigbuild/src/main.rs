//! Counts to its first argument, and says fizz for every third number.

fn main() {
    let last = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(15);
    for number in 1..=last {
        if number % 3 == 0 { println!("fizz") } else { println!("{number}") }
    }
}
